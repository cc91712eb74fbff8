/** {@code attune export}. */
@NullMarked
package org.attune.cli.export;

import org.jspecify.annotations.NullMarked;
