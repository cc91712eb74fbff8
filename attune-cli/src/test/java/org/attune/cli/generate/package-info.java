@NullMarked
package org.attune.cli.generate;

import org.jspecify.annotations.NullMarked;
