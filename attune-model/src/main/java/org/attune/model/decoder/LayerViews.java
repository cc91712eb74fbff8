package org.attune.model.decoder;

import java.util.Arrays;
import java.util.List;
import org.attune.model.transformer.Activation;
import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;

/**
 * The weights of one layer.
 *
 * @param weights of the model
 * @param prefix the start of the layer's names
 */
public record LayerViews(WeightViews weights, String prefix) {

  /** Layer {@code index} of a model with Llama's names. */
  public static LayerViews of(WeightViews weights, int index) {
    return new LayerViews(weights, "model.layers." + index + ".");
  }

  public Tensor get(String name) {
    return weights.get(prefix + name);
  }

  /** Linear layers over the same input, computed as one. */
  public Projection linear(boolean withBias, String... names) {
    List<String> matrices = Arrays.stream(names).map(name -> prefix + name + ".weight").toList();
    List<String> biases = Arrays.stream(names).map(name -> prefix + name + ".bias").toList();
    return withBias
        ? weights.linearWithBias(matrices, biases)
        : weights.linear(matrices.toArray(new String[0]));
  }

  /** Queries, keys and values, computed as one. */
  public Projection queryKeyValue(boolean withBias) {
    return linear(withBias, "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");
  }

  public Projection attentionOutput(boolean withBias) {
    return linear(withBias, "self_attn.o_proj");
  }

  public GatedFeedForward gatedFeedForward(Activation activation, boolean withBias) {
    return new GatedFeedForward(
        activation,
        linear(withBias, "mlp.gate_proj", "mlp.up_proj"),
        linear(withBias, "mlp.down_proj"));
  }
}
