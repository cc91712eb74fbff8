package org.attune.model.decoder;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.tensor.Tensor;

/** The non-linearity of a feed-forward block. */
public enum Activation {
  SILU("silu", "swish"),
  GELU("gelu", "gelu"),
  /** The tanh approximation. */
  GELU_TANH("gelu_pytorch_tanh", "gelu_new"),
  RELU("relu", "relu");

  private final String key;
  private final String otherKey;

  Activation(String key, String otherKey) {
    this.key = key;
    this.otherKey = otherKey;
  }

  /**
   * Reads an activation by the names that transformers has for it.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if the name is not known
   */
  public static Activation read(ConfigJson json, String key, Activation otherwise) {
    String name = json.text(key, otherwise.key);
    return Arrays.stream(values())
        .filter(activation -> activation.keys().anyMatch(name::equals))
        .findFirst()
        .orElseThrow(
            () ->
                json.mismatch(
                    key,
                    "one of "
                        + Arrays.stream(values())
                            .flatMap(Activation::keys)
                            .collect(Collectors.joining(", "))));
  }

  private Stream<String> keys() {
    return Stream.of(key, otherKey).distinct();
  }

  public Tensor of(Tensor x) {
    return switch (this) {
      case SILU -> x.silu();
      case GELU -> x.gelu();
      case GELU_TANH -> x.geluTanh();
      case RELU -> x.relu();
    };
  }
}
