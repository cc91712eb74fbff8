package org.attune.model.transformer;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.tensor.Tensor;

/** What stands between two linear layers. */
public enum Activation {
  /** x · Φ(x). */
  GELU(Tensor::gelu),
  /** GELU in its tanh approximation. */
  GELU_TANH(Tensor::geluTanh),
  RELU(Tensor::relu),
  SILU(Tensor::silu),
  TANH(Tensor::tanh);

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

  private final UnaryOperator<Tensor> function;

  Activation(UnaryOperator<Tensor> function) {
    this.function = function;
  }

  public Tensor of(Tensor x) {
    return function.apply(x);
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
