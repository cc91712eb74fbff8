package org.attune.model.gptneox;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.decoder.FeedForward;
import org.attune.model.decoder.InterleavedAttention;
import org.attune.model.decoder.LayerNorm;
import org.attune.model.decoder.LayerViews;
import org.attune.model.decoder.OutputLayer;
import org.attune.model.dropout.Dropout;
import org.attune.model.transformer.Attention;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.Layers;
import org.attune.model.transformer.RotaryPositions;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.Lookup;
import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;

/**
 * The GPT-NeoX transformer: layer norms, rotary positions on a share of each head's channels, and
 * attention beside the feed-forward block rather than before it.
 *
 * <p>Black et al. 2022 (arXiv:2204.06745), section 2.1; Pythia is Biderman et al. 2023
 * (arXiv:2304.01373).
 */
final class GptNeox implements Transformer {
  private final GptNeoxConfig config;
  private final WeightViews weights;
  private final RotaryPositions rotary;
  private final Lookup embedding; // [V, C]
  private final Dropout embeddingDropout;
  private final List<Layer> layers = new ArrayList<>();
  private final LayerNorm norm;
  private final Projection output; // [C] to [V]

  private record Layer(
      LayerNorm attentionNorm,
      InterleavedAttention attention,
      LayerNorm feedForwardNorm,
      FeedForward feedForward) {}

  GptNeox(GptNeoxConfig config, WeightViews weights) {
    this.config = config;
    this.weights = weights;
    rotary = new RotaryPositions(config.contextLength(), config.rotary());
    embedding = weights.lookup("gpt_neox.embed_in.weight");
    embeddingDropout = weights.dropout(config.dropout().embedding());
    for (int i = 0; i < config.layers(); i++) {
      layers.add(layer(i));
    }
    norm = norm("gpt_neox.final_layer_norm");
    output = OutputLayer.of(config.tied(), weights, "gpt_neox.embed_in.weight", "embed_out.weight");
  }

  private Layer layer(int index) {
    LayerViews layer = new LayerViews(weights, "gpt_neox.layers." + index + ".");
    boolean biased = config.attentionBias();
    return new Layer(
        norm(layer.prefix() + "input_layernorm"),
        new InterleavedAttention(
            index,
            config.heads(),
            AttentionForm.ofHeadSize(config.headSize()).withDropout(config.dropout().attention()),
            layer.linear(biased, "attention.query_key_value"),
            dropping(layer.linear(biased, "attention.dense"))),
        norm(layer.prefix() + "post_attention_layernorm"),
        new FeedForward(
            config.activation(),
            layer.linear(true, "mlp.dense_h_to_4h"),
            dropping(layer.linear(true, "mlp.dense_4h_to_h"))));
  }

  private Projection dropping(Projection added) {
    return added.then(weights.dropout(config.dropout().residual()));
  }

  private LayerNorm norm(String name) {
    return LayerNorm.of(weights, name, config.normEpsilon());
  }

  @Override
  public Tensor hidden(TokenBatch batch, Attention attention) {
    RotaryPositions.Turn turn = rotary.at(batch);
    Tensor x = embeddingDropout.of(embedding.of(batch.ids())); // [N, C]
    return norm.of(
        Layers.through(layers, x, (layer, before) -> after(layer, before, turn, attention)));
  }

  private Tensor after(Layer layer, Tensor x, RotaryPositions.Turn turn, Attention attention) {
    Tensor attended = x.plus(layer.attention.of(layer.attentionNorm.of(x), turn, attention));
    Tensor input = config.parallelResidual() ? x : attended;
    return attended.plus(layer.feedForward.of(layer.feedForwardNorm.of(input)));
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
