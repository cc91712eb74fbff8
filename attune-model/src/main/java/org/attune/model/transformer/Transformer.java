package org.attune.model.transformer;

import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A transformer over one replica's view of the weights. Its parameters are the weights; it has no
 * other state, and threads may share one with frozen weights.
 */
public interface Transformer extends AutoCloseable {
  /**
   * The last layer's output after the final norm.
   *
   * @param batch N tokens
   * @param attention which tokens see which
   * @return {@code [N, C]}
   */
  Tensor hidden(TokenBatch batch, Attention attention);

  /**
   * As {@link #hidden(TokenBatch, Attention)}, and tells {@code load} which experts the tokens went
   * to; a model without experts tells nothing.
   */
  default Tensor hidden(TokenBatch batch, Attention attention, @Nullable ExpertLoad load) {
    return hidden(batch, attention);
  }

  /**
   * As {@link #hidden(TokenBatch, Attention)} for whole sequences, which see themselves as the
   * family was trained to.
   */
  default Tensor hidden(TokenBatch batch) {
    return hidden(batch, new CausalAttention(batch));
  }

  /**
   * Scores of every vocabulary entry as the next token, or of an encoder as the token itself.
   *
   * @param hidden rows of {@link #hidden}, {@code [M, C]}
   * @return {@code [M, V]}
   */
  Tensor logits(Tensor hidden);

  @Override
  void close();
}
