/** Settings of proximal policy optimization. */
@NullMarked
package org.attune.run.ppo;

import org.jspecify.annotations.NullMarked;
