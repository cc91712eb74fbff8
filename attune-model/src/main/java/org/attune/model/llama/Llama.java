package org.attune.model.llama;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.attune.model.transformer.Attention;
import org.attune.model.transformer.RotaryPositions;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.Lookup;
import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;

/**
 * The Llama transformer: pre-norm blocks with RMS norm, rotary positions, grouped key heads and a
 * gated feed-forward.
 *
 * <p>Touvron et al. 2023 (arXiv:2302.13971); grouped heads after Ainslie et al. 2023
 * (arXiv:2305.13245). Left out: dropout, and scaled rotary angles.
 */
final class Llama implements Transformer {
  private final LlamaConfig config;
  private final WeightViews weights;
  private final RotaryPositions rotary;
  private final Lookup embedding; // [V, C]
  private final List<Layer> layers = new ArrayList<>();
  private final Tensor norm; // [C]
  private final Projection output; // [C] to [V]

  private record Layer(
      Tensor attentionNorm,
      Projection queryKeyValue,
      Projection attentionOutput,
      Tensor feedForwardNorm,
      Projection gateUp,
      Projection down) {}

  Llama(LlamaConfig config, WeightViews weights) {
    this.config = config;
    this.weights = weights;
    rotary = new RotaryPositions(config.contextLength(), config.headSize(), config.rotaryBase());
    embedding = weights.lookup("model.embed_tokens.weight");
    for (int i = 0; i < config.layers(); i++) {
      String layer = "model.layers." + i + ".";
      boolean attentionBias = config.attentionBias();
      boolean feedForwardBias = config.feedForwardBias();
      layers.add(
          new Layer(
              weights.get(layer + "input_layernorm.weight"),
              linear(attentionBias, layer + "self_attn.", "q_proj", "k_proj", "v_proj"),
              linear(attentionBias, layer + "self_attn.", "o_proj"),
              weights.get(layer + "post_attention_layernorm.weight"),
              linear(feedForwardBias, layer + "mlp.", "gate_proj", "up_proj"),
              linear(feedForwardBias, layer + "mlp.", "down_proj")));
    }
    norm = weights.get("model.norm.weight");
    output = output(config, weights);
  }

  private static Projection output(LlamaConfig config, WeightViews weights) {
    if (config.tied()) {
      return weights.linear("model.embed_tokens.weight");
    }
    if (weights.has("lm_head.weight")) {
      return weights.linear("lm_head.weight");
    }
    return hidden -> {
      throw new IllegalStateException("A model with a score head has no output layer.");
    };
  }

  private Projection linear(boolean withBias, String prefix, String... names) {
    List<String> matrices = Arrays.stream(names).map(name -> prefix + name + ".weight").toList();
    List<String> biases = Arrays.stream(names).map(name -> prefix + name + ".bias").toList();
    return withBias
        ? weights.linearWithBias(matrices, biases)
        : weights.linear(matrices.toArray(new String[0]));
  }

  @Override
  public Tensor hidden(TokenBatch batch, Attention attention) {
    RotaryPositions.Turn turn = rotary.at(batch.positions());
    Tensor x = embedding.of(batch.ids()); // [N, C]
    for (int i = 0; i < layers.size(); i++) {
      x = x.plus(attended(i, x, turn, attention));
      x = x.plus(fedForward(layers.get(i), x));
    }
    return x.rmsNorm(norm, config.normEpsilon());
  }

  private Tensor attended(int index, Tensor x, RotaryPositions.Turn turn, Attention attention) {
    Layer layer = layers.get(index);
    int heads = config.heads();
    int keyHeads = config.keyHeads();
    Tensor all = // [N, H + 2 K, D]
        layer
            .queryKeyValue
            .of(x.rmsNorm(layer.attentionNorm, config.normEpsilon()))
            .view(x.size(0), heads + 2L * keyHeads, config.headSize());
    List<Tensor> parts = all.split(1, heads + keyHeads, keyHeads);
    List<Tensor> turned = turn.of(parts.get(0)).split(1, heads, keyHeads);
    return layer.attentionOutput.of(
        attention.attend(index, turned.get(0), turned.get(1), parts.get(1)));
  }

  private Tensor fedForward(Layer layer, Tensor x) {
    Tensor both =
        layer.gateUp.of(x.rmsNorm(layer.feedForwardNorm, config.normEpsilon())); // [N, 2 F]
    int width = config.intermediateSize();
    List<Tensor> gateAndUp = both.split(1, width, width);
    return layer.down.of(gateAndUp.get(0).silu().times(gateAndUp.get(1)));
  }

  @Override
  public Tensor logits(Tensor hidden) {
    return output.of(hidden);
  }

  @Override
  public void close() {
    rotary.close();
    weights.close();
  }
}
