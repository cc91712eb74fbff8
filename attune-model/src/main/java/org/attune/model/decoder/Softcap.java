package org.attune.model.decoder;

import org.attune.model.checkpoint.ConfigJson;
import org.attune.tensor.Tensor;

/** cap · tanh(x / cap): a smooth bound. Gemma team 2024 (arXiv:2408.00118), section 2. */
public final class Softcap {
  private Softcap() {}

  /**
   * Reads a cap; 0 for none.
   *
   * @param otherwise where the key is not written; null in the file means none
   */
  public static double read(ConfigJson json, String key, double otherwise) {
    if (!json.mentions(key)) {
      return otherwise;
    }
    double cap = json.number(key, 0);
    if (json.has(key) && !(cap > 0)) {
      throw json.mismatch(key, "above 0, or null for none");
    }
    return cap;
  }

  /** The bounded values; {@code x} itself where the cap is 0. */
  public static Tensor of(Tensor x, double cap) {
    return cap == 0 ? x : x.dividedBy(cap).tanh().times(cap);
  }
}
