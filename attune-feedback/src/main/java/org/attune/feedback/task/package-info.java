/** From records to rows for training. */
@NullMarked
package org.attune.feedback.task;

import org.jspecify.annotations.NullMarked;
