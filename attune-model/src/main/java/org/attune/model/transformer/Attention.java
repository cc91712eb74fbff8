package org.attune.model.transformer;

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
}
