package org.attune.model.transformer;

import java.util.List;
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
  private final Tensor cosines; // [contextLength, R]
  private final Tensor sines; // the same, negative in the first half

  /** Angles position · base^(−2j/D). */
  public RotaryPositions(int contextLength, int headSize, double base) {
    this(contextLength, frequencies(headSize, base), 1);
  }

  /**
   * Angles position · frequency.
   *
   * @param frequencies of the pairs, half as many as channels are turned; where a head has more
   *     channels, the further ones are left as they are
   * @param magnitude multiplies the turned channels; 1 but for some kinds of scaling
   */
  public RotaryPositions(int contextLength, float[] frequencies, double magnitude) {
    int half = frequencies.length;
    int width = 2 * half;
    float[] cos = new float[contextLength * width];
    float[] sin = new float[contextLength * width];
    for (int j = 0; j < half; j++) {
      for (int position = 0; position < contextLength; position++) {
        float angle = position * frequencies[j];
        int at = position * width + j;
        cos[at] = (float) (Math.cos(angle) * magnitude);
        cos[at + half] = cos[at];
        sin[at + half] = (float) (Math.sin(angle) * magnitude);
        sin[at] = -sin[at + half];
      }
    }
    try (TensorScope scope = TensorScope.open()) {
      cosines = owner.adopt(Tensor.of(cos, contextLength, width));
      sines = owner.adopt(Tensor.of(sin, contextLength, width));
    }
  }

  /** base^(−2j/D) for each pair j of D channels. */
  public static float[] frequencies(int channels, double base) {
    float[] frequencies = new float[channels / 2];
    for (int j = 0; j < frequencies.length; j++) {
      frequencies[j] = (float) (1.0 / Math.pow(base, 2.0 * j / channels));
    }
    return frequencies;
  }

  /** The turn of each token, shared by all layers of a pass. */
  public Turn at(Tensor positions) {
    return new Turn(
        cosines.embedding(positions).unsqueezed(1), sines.embedding(positions).unsqueezed(1));
  }

  /**
   * Cosines and signed sines of each token's angles.
   *
   * @param cosines {@code [N, 1, R]}, for the R channels that are turned
   * @param sines {@code [N, 1, R]}
   */
  public record Turn(Tensor cosines, Tensor sines) {
    /** Turns the first R channels of each head of each token, {@code [N, H, D]}. */
    public Tensor of(Tensor heads) {
      long turned = cosines.size(2);
      long others = heads.size(2) - turned;
      if (others == 0) {
        return turned(heads);
      }
      List<Tensor> parts = heads.split(2, turned, others);
      return Tensor.concatenated(List.of(turned(parts.get(0)), parts.get(1)), 2);
    }

    private Tensor turned(Tensor heads) {
      return heads.times(cosines).plus(heads.rolled(heads.size(2) / 2, 2).times(sines));
    }
  }

  @Override
  public void close() {
    owner.close();
  }
}
