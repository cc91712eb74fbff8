/** The commands that read and write text with a model. */
@NullMarked
package org.attune.cli.generate;

import org.jspecify.annotations.NullMarked;
