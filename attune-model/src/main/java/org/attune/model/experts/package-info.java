/** Feed-forward blocks of experts, of which each token uses a few. */
@NullMarked
package org.attune.model.experts;

import org.jspecify.annotations.NullMarked;
