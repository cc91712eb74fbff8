/** Text to token ids and back. */
@NullMarked
package org.attune.model.tokenizer;

import org.jspecify.annotations.NullMarked;
