package org.attune.model.gpt2;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.dropout.Dropout;
import org.attune.model.dropout.DropoutRates;
import org.attune.model.transformer.Attention;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.Layers;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.Lookup;
import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;

/**
 * The GPT-2 transformer: pre-norm blocks with layer norm, learned positions and a GELU
 * feed-forward.
 *
 * <p>Radford et al. 2019, "Language Models are Unsupervised Multitask Learners".
 */
final class Gpt2 implements Transformer {
  private final Gpt2Config config;
  private final AttentionForm form;
  private final WeightViews weights;
  private final Lookup tokenEmbedding; // [V, C]
  private final Lookup positionEmbedding; // [context, C]
  private final Dropout embeddingDropout;
  private final List<Layer> layers = new ArrayList<>();
  private final Norm norm;
  private final Projection output; // [C] to [V]

  private record Norm(Tensor weight, Tensor bias, double epsilon) {
    Tensor of(Tensor x) {
      return x.layerNorm(weight, bias, epsilon);
    }
  }

  private record Layer(
      int index,
      Norm attentionNorm,
      Projection queryKeyValue,
      Projection attentionOutput,
      Norm feedForwardNorm,
      Projection up,
      Projection down) {}

  Gpt2(Gpt2Config config, WeightViews weights) {
    this.config = config;
    DropoutRates rates = config.dropout();
    form = AttentionForm.ofHeadSize(config.headSize()).withDropout(rates.attention());
    this.weights = weights;
    tokenEmbedding = weights.lookup("transformer.wte.weight");
    positionEmbedding = weights.lookup("transformer.wpe.weight");
    embeddingDropout = weights.dropout(rates.embedding());
    for (int i = 0; i < config.layers(); i++) {
      String layer = "transformer.h." + i + ".";
      layers.add(
          new Layer(
              i,
              norm(layer + "ln_1"),
              linear(layer + "attn.c_attn"),
              linear(layer + "attn.c_proj").then(weights.dropout(rates.residual())),
              norm(layer + "ln_2"),
              linear(layer + "mlp.c_fc"),
              linear(layer + "mlp.c_proj").then(weights.dropout(rates.residual()))));
    }
    norm = norm("transformer.ln_f");
    output = weights.linear("transformer.wte.weight");
  }

  private Norm norm(String name) {
    return new Norm(
        weights.get(name + ".weight"), weights.get(name + ".bias"), config.normEpsilon());
  }

  private Projection linear(String name) {
    return weights.transposedLinear(name + ".weight", name + ".bias");
  }

  @Override
  public Tensor hidden(TokenBatch batch, Attention attention) {
    Tensor x = // [N, C]
        embeddingDropout.of(
            tokenEmbedding.of(batch.ids()).plus(positionEmbedding.of(batch.positions())));
    return norm.of(Layers.through(layers, x, (layer, before) -> after(layer, before, attention)));
  }

  private Tensor after(Layer layer, Tensor before, Attention attention) {
    Tensor x = before.plus(attended(layer, before, attention));
    return x.plus(fedForward(layer, x));
  }

  private Tensor attended(Layer layer, Tensor x, Attention attention) {
    int heads = config.heads();
    Tensor all = // [N, 3 H, D]
        layer
            .queryKeyValue
            .of(layer.attentionNorm.of(x))
            .view(x.size(0), 3L * heads, config.headSize());
    List<Tensor> parts = all.split(1, heads, heads, heads);
    return layer.attentionOutput.of(
        attention.attend(layer.index, form, parts.get(0), parts.get(1), parts.get(2)));
  }

  private Tensor fedForward(Layer layer, Tensor x) {
    Tensor inner = layer.up.of(layer.feedForwardNorm.of(x));
    return layer.down.of(config.exactGelu() ? inner.gelu() : inner.geluTanh());
  }

  @Override
  public Tensor logits(Tensor hidden) {
    return output.of(hidden);
  }

  @Override
  public void close() {
    weights.close();
  }
}
