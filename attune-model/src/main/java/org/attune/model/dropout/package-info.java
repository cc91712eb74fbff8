/** Dropout whose masks depend on nothing but a seed, a token and a place in the model. */
@NullMarked
package org.attune.model.dropout;

import org.jspecify.annotations.NullMarked;
