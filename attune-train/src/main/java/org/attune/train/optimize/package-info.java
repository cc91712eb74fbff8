/** Optimizers, clipping and learning-rate schedules over flat weights. */
@NullMarked
package org.attune.train.optimize;

import org.jspecify.annotations.NullMarked;
