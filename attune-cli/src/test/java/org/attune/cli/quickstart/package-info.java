@NullMarked
package org.attune.cli.quickstart;

import org.jspecify.annotations.NullMarked;
