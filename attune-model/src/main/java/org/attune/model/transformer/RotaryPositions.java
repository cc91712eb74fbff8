package org.attune.model.transformer;

import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;

/**
 * Rotary position embedding: turns pairs of a head's channels by angles that grow with the
 * position, so that a product of query and key depends on their distance.
 *
 * <p>Channel j of the first half and of the second half form a pair with the angle position ·
 * base^(−2j/D). Su et al. 2021 (arXiv:2104.09864), equation 34, in the half-split order of Hugging
 * Face checkpoints.
 */
public final class RotaryPositions implements AutoCloseable {
  private final TensorScope owner = TensorScope.owner();
  private final Tensor cosines; // [contextLength, D]
  private final Tensor sines; // the same, negative in the first half

  public RotaryPositions(int contextLength, int headSize, double base) {
    float[] cos = new float[contextLength * headSize];
    float[] sin = new float[contextLength * headSize];
    int half = headSize / 2;
    for (int j = 0; j < half; j++) {
      float frequency = (float) (1.0 / Math.pow(base, 2.0 * j / headSize));
      for (int position = 0; position < contextLength; position++) {
        float angle = position * frequency;
        int at = position * headSize + j;
        cos[at] = (float) Math.cos(angle);
        cos[at + half] = cos[at];
        sin[at + half] = (float) Math.sin(angle);
        sin[at] = -sin[at + half];
      }
    }
    try (TensorScope scope = TensorScope.open()) {
      cosines = owner.adopt(Tensor.of(cos, contextLength, headSize));
      sines = owner.adopt(Tensor.of(sin, contextLength, headSize));
    }
  }

  /** The turn of each token, shared by all layers of a pass. */
  public Turn at(Tensor positions) {
    return new Turn(
        cosines.embedding(positions).unsqueezed(1), sines.embedding(positions).unsqueezed(1));
  }

  /**
   * Cosines and signed sines of each token's angles.
   *
   * @param cosines {@code [N, 1, D]}
   * @param sines {@code [N, 1, D]}
   */
  public record Turn(Tensor cosines, Tensor sines) {
    /** Turns the heads of each token, {@code [N, H, D]}. */
    public Tensor of(Tensor heads) {
      return heads.times(cosines).plus(heads.rolled(heads.size(2) / 2, 2).times(sines));
    }
  }

  @Override
  public void close() {
    owner.close();
  }
}
