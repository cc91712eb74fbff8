/** Settings of supervised fine-tuning and of pre-training. */
@NullMarked
package org.attune.run.sft;

import org.jspecify.annotations.NullMarked;
