/** The whole loop on bundled data: ratings, fine-tuning, reward model, PPO, evaluation, report. */
@NullMarked
package org.attune.cli.quickstart;

import org.jspecify.annotations.NullMarked;
