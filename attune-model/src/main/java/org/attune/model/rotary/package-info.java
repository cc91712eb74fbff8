/** How fast channels turn with the position: rotary frequencies and their scalings. */
@NullMarked
package org.attune.model.rotary;

import org.jspecify.annotations.NullMarked;
