/** Whether a dataset is good enough to train on: progress, agreement, review, export. */
@NullMarked
package org.attune.server.quality;

import org.jspecify.annotations.NullMarked;
