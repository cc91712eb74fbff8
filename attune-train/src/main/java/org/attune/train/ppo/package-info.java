/** Proximal policy optimization from a reward. */
@NullMarked
package org.attune.train.ppo;

import org.jspecify.annotations.NullMarked;
