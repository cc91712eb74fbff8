package org.attune.model.transformer;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.tensor.Tensor;

/** What stands between two linear layers. */
public enum Activation {
  SILU,
  GELU,
  /** The tanh approximation. */
  GELU_TANH,
  RELU,
  TANH;

  /** What transformers calls it, the usual name first. */
  private List<String> keys() {
    return switch (this) {
      case SILU -> List.of("silu", "swish");
      case GELU -> List.of("gelu");
      case GELU_TANH -> List.of("gelu_pytorch_tanh", "gelu_new", "gelu_fast");
      case RELU -> List.of("relu");
      case TANH -> List.of("tanh");
    };
  }

  /**
   * Reads an activation by the names that transformers has for it.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if the name is not known
   */
  public static Activation read(ConfigJson json, String key, Activation otherwise) {
    return named(json, key, json.text(key, otherwise.keys().get(0)));
  }

  /**
   * The activation that a part of a key's value names.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if the name is not known
   */
  public static Activation named(ConfigJson json, String key, String name) {
    return Arrays.stream(values())
        .filter(activation -> activation.keys().contains(name))
        .findFirst()
        .orElseThrow(
            () ->
                json.mismatch(
                    key,
                    "one of "
                        + Arrays.stream(values())
                            .flatMap(activation -> activation.keys().stream())
                            .collect(Collectors.joining(", "))));
  }

  public Tensor of(Tensor x) {
    return switch (this) {
      case SILU -> x.silu();
      case GELU -> x.gelu();
      case GELU_TANH -> x.geluTanh();
      case RELU -> x.relu();
      case TANH -> x.tanh();
    };
  }
}
