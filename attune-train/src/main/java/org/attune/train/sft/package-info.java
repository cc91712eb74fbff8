/** Supervised fine-tuning and pre-training. */
@NullMarked
package org.attune.train.sft;

import org.jspecify.annotations.NullMarked;
