/** Trainers and what they share. */
@NullMarked
package org.attune.train;

import org.jspecify.annotations.NullMarked;
