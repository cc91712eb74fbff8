package org.attune.model.pipeline;

import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.Tensor;

/** How the vectors of a text's tokens become one. */
public enum Pooling {
  /** The first token's, which an encoder's tokenizer puts there to stand for the text. */
  CLS {
    @Override
    Tensor of(Tensor hidden, TokenBatch batch) {
      return batch.firstTokens(hidden);
    }
  },
  /** The mean of all. */
  MEAN {
    @Override
    Tensor of(Tensor hidden, TokenBatch batch) {
      return batch.means(hidden);
    }
  };

  /** {@code [N, C]} to {@code [S, C]}. */
  abstract Tensor of(Tensor hidden, TokenBatch batch);
}
