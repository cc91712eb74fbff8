@NullMarked
package org.attune.cli.data;

import org.jspecify.annotations.NullMarked;
