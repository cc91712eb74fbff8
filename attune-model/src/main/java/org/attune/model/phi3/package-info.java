/** The Phi 3 family, and Phi 4 mini. */
@NullMarked
package org.attune.model.phi3;

import org.jspecify.annotations.NullMarked;
