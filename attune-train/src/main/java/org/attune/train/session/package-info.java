/**
 * One training from start to end, interruption and resume: run folder, events, checkpoints,
 * progress.
 */
@NullMarked
package org.attune.train.session;

import org.jspecify.annotations.NullMarked;
