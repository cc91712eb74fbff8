/** BERT, and the encoders that kept its blocks: RoBERTa and DistilBERT. */
@NullMarked
package org.attune.model.bert;

import org.jspecify.annotations.NullMarked;
