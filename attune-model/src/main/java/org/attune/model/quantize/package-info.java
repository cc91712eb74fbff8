/** Frozen matrices in fewer bits, and their values on demand. */
@NullMarked
package org.attune.model.quantize;

import org.jspecify.annotations.NullMarked;
