/** Tensors with a visible owner; the only package that sees libtorch. */
@NullMarked
package org.attune.tensor;

import org.jspecify.annotations.NullMarked;
