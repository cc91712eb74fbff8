/** What a newcomer copies: one runnable class for each step of fine-tuning with human feedback. */
@NullMarked
package org.attune.examples;

import org.jspecify.annotations.NullMarked;
