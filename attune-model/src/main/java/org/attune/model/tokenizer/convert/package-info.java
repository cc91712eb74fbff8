/**
 * Every other form of a tokenizer as the {@code tokenizer.json} that the tokenizers library runs.
 */
@NullMarked
package org.attune.model.tokenizer.convert;

import org.jspecify.annotations.NullMarked;
