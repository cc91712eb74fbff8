package org.attune.model.transformer;

import java.util.function.Supplier;
import org.attune.tensor.Tensor;

/**
 * Decides which keys each query of a forward pass looks at. One object serves one pass through all
 * layers.
 */
public interface Attention {
  /**
   * Scaled dot-product attention of every token.
   *
   * @param layer which layer asks, from 0
   * @param form how that layer weighs keys
   * @param queries {@code [N, H, D]}
   * @param keys {@code [N, K, D]}; H is a multiple of K, and H / K neighbouring query heads share a
   *     key head
   * @param values {@code [N, K, D]}
   * @return {@code [N, H · D]}
   */
  Tensor attend(int layer, AttentionForm form, Tensor queries, Tensor keys, Tensor values);

  /**
   * Attention of every token to all tokens of its sequence's {@linkplain TokenBatch#source source}.
   *
   * @param queries {@code [N, H, D]}
   * @param source makes the layer's keys and values of the M tokens of all sources; not asked where
   *     they are known from an earlier pass
   * @return {@code [N, H · D]}
   */
  default Tensor attendSource(
      int layer, AttentionForm form, Tensor queries, Supplier<KeysAndValues> source) {
    throw new IllegalStateException("This attention is to the tokens of one text only.");
  }

  /**
   * What a layer made of tokens.
   *
   * @param keys {@code [M, H, D]}
   * @param values {@code [M, H, D]}
   */
  record KeysAndValues(Tensor keys, Tensor values) {}
}
