package org.attune.model.modernbert;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.dropout.Dropout;
import org.attune.model.dropout.DropoutRates;
import org.attune.model.rotary.Unscaled;
import org.attune.model.transformer.Attention;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.BidirectionalAttention;
import org.attune.model.transformer.Layers;
import org.attune.model.transformer.RotaryPositions;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.Lookup;
import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The ModernBERT transformer: pre-norm blocks with rotary positions and a gated feed-forward, most
 * of which see a window only.
 *
 * <p>Warner et al. 2024 (arXiv:2412.13663).
 */
final class ModernBert implements Transformer {
  private final ModernBertConfig config;
  private final WeightViews weights;
  private final RotaryPositions globalRotary;
  private final RotaryPositions localRotary;
  private final Lookup embedding; // [V, C]
  private final Norm embeddingNorm;
  private final Dropout embeddingDropout;
  private final List<Layer> layers = new ArrayList<>();
  private final Norm norm;
  private final @Nullable Output output;

  private record Norm(Tensor weight, @Nullable Tensor bias, double epsilon) {
    Tensor of(Tensor x) {
      return x.layerNorm(weight, bias, epsilon);
    }
  }

  private record Layer(
      int index,
      AttentionForm form,
      @Nullable Norm attentionNorm,
      Projection queryKeyValue,
      Projection attentionOutput,
      Norm feedForwardNorm,
      Projection inner,
      Dropout dropout,
      Projection outer) {}

  private record Output(ModernBertHead.Layers head, Projection words, @Nullable Tensor bias) {
    Tensor of(Tensor hidden) {
      Tensor scores = words.of(head.of(hidden));
      return bias == null ? scores : scores.plus(bias);
    }
  }

  ModernBert(ModernBertConfig config, WeightViews weights) {
    this.config = config;
    this.weights = weights;
    globalRotary =
        new RotaryPositions(
            config.contextLength(), new Unscaled(config.headSize(), config.globalBase()));
    localRotary =
        new RotaryPositions(
            config.contextLength(), new Unscaled(config.headSize(), config.localBase()));
    embedding = weights.lookup("model.embeddings.tok_embeddings.weight");
    embeddingNorm = norm("model.embeddings.norm");
    DropoutRates rates = config.dropout();
    embeddingDropout = weights.dropout(rates.embedding());
    AttentionForm form = AttentionForm.ofHeadSize(config.headSize()).withDropout(rates.attention());
    for (int i = 0; i < config.layers(); i++) {
      String layer = "model.layers." + i + ".";
      layers.add(
          new Layer(
              i,
              form.withWindow(config.windows().get(i)),
              i == 0 ? null : norm(layer + "attn_norm"),
              linear(layer + "attn.Wqkv", config.attentionBias()),
              linear(layer + "attn.Wo", config.attentionBias())
                  .then(weights.dropout(rates.attention())),
              norm(layer + "mlp_norm"),
              linear(layer + "mlp.Wi", config.feedForwardBias()),
              weights.dropout(rates.residual()),
              linear(layer + "mlp.Wo", config.feedForwardBias())));
    }
    norm = norm("model.final_norm");
    boolean hasOutput = config.outputWeights().stream().allMatch(spec -> weights.has(spec.name()));
    output = hasOutput ? output() : null;
  }

  private Norm norm(String name) {
    return new Norm(
        weights.get(name + ".weight"),
        config.normBias() ? weights.get(name + ".bias") : null,
        config.normEpsilon());
  }

  private Projection linear(String name, boolean withBias) {
    return withBias
        ? weights.linearWithBias(List.of(name + ".weight"), List.of(name + ".bias"))
        : weights.linear(name + ".weight");
  }

  private Output output() {
    return new Output(
        config.head().over(weights),
        weights.linear(config.tied() ? "model.embeddings.tok_embeddings.weight" : "decoder.weight"),
        config.outputBias() ? weights.get("decoder.bias") : null);
  }

  @Override
  public Tensor hidden(TokenBatch batch) {
    return hidden(batch, new BidirectionalAttention(batch));
  }

  @Override
  public Tensor hidden(TokenBatch batch, Attention attention) {
    RotaryPositions.Turn globalTurn = globalRotary.at(batch);
    RotaryPositions.Turn localTurn = localRotary.at(batch);
    Tensor x = // [N, C]
        embeddingDropout.of(embeddingNorm.of(embedding.of(batch.ids())));
    return norm.of(
        Layers.through(
            layers,
            x,
            (layer, before) -> {
              RotaryPositions.Turn turn = layer.form.window() > 0 ? localTurn : globalTurn;
              Tensor seen = before.plus(attended(layer, before, turn, attention));
              return seen.plus(fedForward(layer, seen));
            }));
  }

  private Tensor attended(Layer layer, Tensor x, RotaryPositions.Turn turn, Attention attention) {
    int heads = config.heads();
    Tensor normed = layer.attentionNorm == null ? x : layer.attentionNorm.of(x);
    Tensor all = // [N, 3 H, D]
        layer.queryKeyValue.of(normed).view(x.size(0), 3L * heads, config.headSize());
    List<Tensor> parts = all.split(1, 2L * heads, heads);
    List<Tensor> turned = turn.of(parts.get(0)).split(1, heads, heads);
    return layer.attentionOutput.of(
        attention.attend(layer.index, layer.form, turned.get(0), turned.get(1), parts.get(1)));
  }

  private Tensor fedForward(Layer layer, Tensor x) {
    Tensor both = layer.inner.of(layer.feedForwardNorm.of(x)); // [N, 2 F]
    int width = config.intermediateSize();
    List<Tensor> inputAndGate = both.split(1, width, width);
    Tensor gated = config.activation().of(inputAndGate.get(0)).times(inputAndGate.get(1));
    return layer.outer.of(layer.dropout.of(gated));
  }

  @Override
  public Tensor logits(Tensor hidden) {
    if (output == null) {
      throw new IllegalStateException(
          "This encoder was loaded without the head that scores masked tokens. Load it with Head.MASKED.");
    }
    return output.of(hidden);
  }

  @Override
  public void close() {
    globalRotary.close();
    localRotary.close();
    weights.close();
  }
}
