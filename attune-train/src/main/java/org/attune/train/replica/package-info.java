/** Several replicas of a model that share a training step. */
@NullMarked
package org.attune.train.replica;

import org.jspecify.annotations.NullMarked;
