/** The state of a training run on disk. */
@NullMarked
package org.attune.train.checkpoint;

import org.jspecify.annotations.NullMarked;
