package org.attune.model.falcon;

import org.attune.model.decoder.HeadLayout;
import org.attune.model.transformer.PositionBias;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;

/**
 * Attention with linear biases: slope · position of the key / √D. Press et al. 2021
 * (arXiv:2108.12409), section 3.
 *
 * <p>Softmax sees differences only, so this is the bias by distance of the paper; Falcon divides it
 * by √D, and computes it in bfloat16.
 */
final class Alibi {
  private Alibi() {}

  static PositionBias of(HeadLayout heads) {
    float[] slopes = slopes(heads.heads());
    double scale = 1 / Math.sqrt(heads.headSize());
    return (firstQuery, queries, keys) -> {
      int[] positions = new int[keys];
      for (int i = 0; i < keys; i++) {
        positions[i] = i;
      }
      Tensor ofHeads = Tensor.of(slopes, slopes.length, 1, 1).to(DType.BFLOAT16);
      Tensor ofKeys = Tensor.of(positions, 1, 1, keys).to(DType.BFLOAT16);
      return ofHeads // [H, queries, keys]
          .times(ofKeys)
          .to(DType.FLOAT32)
          .times(scale)
          .expanded(slopes.length, queries, keys);
    };
  }

  /**
   * 2^(−8 i / n) for head i of n. Where n is no power of two, the heads beyond the largest one take
   * every second slope of twice as many.
   */
  private static float[] slopes(int heads) {
    int whole = Integer.highestOneBit(heads);
    float[] slopes = new float[heads];
    for (int i = 0; i < heads; i++) {
      slopes[i] = i < whole ? slope(i + 1, whole) : slope(2 * (i - whole) + 1, 2 * whole);
    }
    return slopes;
  }

  private static float slope(int index, int heads) {
    return (float) Math.pow(2, -8.0 * index / heads);
  }
}
