/** Settings of reward-model training. */
@NullMarked
package org.attune.run.reward;

import org.jspecify.annotations.NullMarked;
