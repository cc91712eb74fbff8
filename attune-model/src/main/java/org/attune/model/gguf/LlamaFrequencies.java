package org.attune.model.gguf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * The divisors of rotary frequencies by which Llama 3.1 reaches further than it was trained: llama
 * 3's rule, of which GGUF files hold the results and {@code config.json} the parameters.
 */
final class LlamaFrequencies {
  static final String TENSOR = "rope_freqs.weight";

  private static final double LOW_FACTOR = 1;
  private static final double HIGH_FACTOR = 4;
  private static final int SHORTEST_TRAINED = 1;
  private static final int LONGEST_TRAINED = 1 << 20;

  /** Far more than the rounding to float32, far less than from one length to the next. */
  private static final double ACCURACY = 1e-4;

  private LlamaFrequencies() {}

  /** One divisor for each frequency, {@code headSize / 2} in all. */
  static float[] divisors(
      int headSize,
      double base,
      double factor,
      double lowFactor,
      double highFactor,
      int trainedLength) {
    float[] divisors = new float[headSize / 2];
    for (int i = 0; i < divisors.length; i++) {
      double wavelength = 2 * Math.PI * Math.pow(base, 2.0 * i / headSize);
      if (wavelength < trainedLength / highFactor) {
        divisors[i] = 1;
      } else if (wavelength > trainedLength / lowFactor) {
        divisors[i] = (float) factor;
      } else {
        double share = (trainedLength / wavelength - lowFactor) / (highFactor - lowFactor);
        divisors[i] = (float) (1 / ((1 - share) / factor + share));
      }
    }
    return divisors;
  }

  /** The parameters that give these divisors, as {@code rope_scaling}; none if none do. */
  static Optional<ObjectNode> parameters(float[] divisors, double base, ObjectNode empty) {
    int headSize = 2 * divisors.length;
    double factor = divisors[divisors.length - 1];
    for (int trained = SHORTEST_TRAINED; trained <= LONGEST_TRAINED; trained *= 2) {
      float[] candidate = divisors(headSize, base, factor, LOW_FACTOR, HIGH_FACTOR, trained);
      if (isNear(candidate, divisors)) {
        return Optional.of(
            empty
                .put("rope_type", "llama3")
                .put("factor", factor)
                .put("low_freq_factor", LOW_FACTOR)
                .put("high_freq_factor", HIGH_FACTOR)
                .put("original_max_position_embeddings", trained));
      }
    }
    return Optional.empty();
  }

  private static boolean isNear(float[] candidate, float[] divisors) {
    for (int i = 0; i < divisors.length; i++) {
      if (Math.abs(candidate[i] - divisors[i]) > ACCURACY * Math.abs(divisors[i])) {
        return false;
      }
    }
    return true;
  }
}
