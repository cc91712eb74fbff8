/** The commands about files of rows. */
@NullMarked
package org.attune.cli.data;

import org.jspecify.annotations.NullMarked;
