/** Reward models from comparisons. */
@NullMarked
package org.attune.train.reward;

import org.jspecify.annotations.NullMarked;
