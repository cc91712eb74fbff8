package org.attune.model.transformer;

import java.util.Map;
import java.util.TreeMap;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.tensor.Tensor;

/** What stands between two linear layers. */
public enum Activation {
  /** x · Φ(x). */
  GELU,
  /** GELU in its tanh approximation. */
  GELU_TANH,
  RELU,
  SILU,
  TANH;

  private static final Map<String, Activation> BY_NAME =
      new TreeMap<>(
          Map.of(
              "gelu", GELU,
              "gelu_new", GELU_TANH,
              "gelu_pytorch_tanh", GELU_TANH,
              "relu", RELU,
              "silu", SILU,
              "swish", SILU,
              "tanh", TANH));

  public Tensor of(Tensor x) {
    return switch (this) {
      case GELU -> x.gelu();
      case GELU_TANH -> x.geluTanh();
      case RELU -> x.relu();
      case SILU -> x.silu();
      case TANH -> x.tanh();
    };
  }

  /**
   * The activation that a key of {@code config.json} names.
   *
   * @throws CheckpointException if it is none of ours
   */
  public static Activation read(ConfigJson json, String key, String otherwise) {
    Activation known = BY_NAME.get(json.text(key, otherwise));
    if (known == null) {
      throw json.mismatch(key, "one of " + String.join(", ", BY_NAME.keySet()));
    }
    return known;
  }
}
