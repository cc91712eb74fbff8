package org.attune.model.t5;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.attune.model.decoder.CrossAttention;
import org.attune.model.decoder.FeedForward;
import org.attune.model.decoder.GatedFeedForward;
import org.attune.model.decoder.LayerViews;
import org.attune.model.decoder.OutputLayer;
import org.attune.model.decoder.RmsNorm;
import org.attune.model.decoder.SelfAttention;
import org.attune.model.dropout.Noise;
import org.attune.model.t5.T5Config.Form;
import org.attune.model.transformer.Attention;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.BidirectionalAttention;
import org.attune.model.transformer.CausalAttention;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.Lookup;
import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The T5 transformer: an encoder reads one text, a decoder writes another; norms before each block,
 * no biases, products that are not scaled, and a learned bias by distance that all layers of a side
 * share.
 *
 * <p>Raffel et al. 2020 (arXiv:1910.10683), section 2.1; version 1.1 has gated feed-forward blocks
 * (Shazeer 2020, arXiv:2002.05202) and an output layer of its own. Left out: dropout, but for that
 * of adapters.
 */
final class T5 implements Transformer {
  /** Products are not divided by √D; where nothing tells distances, all keys count alike. */
  private static final AttentionForm UNBIASED = AttentionForm.ofScale(1);

  private final T5Config config;
  private final WeightViews weights;
  private final Lookup embedding; // [V, C], of both sides
  private final Side encoder;
  private final @Nullable Side decoder;
  private final Projection output; // [C] to [V]

  private record Side(List<Layer> layers, RmsNorm norm) {}

  /**
   * The parts of a layer.
   *
   * @param reading how it looks at what the encoder read; null in the encoder itself
   */
  private record Layer(
      RmsNorm attentionNorm,
      SelfAttention attention,
      @Nullable Reading reading,
      RmsNorm feedForwardNorm,
      UnaryOperator<Tensor> feedForward) {}

  private record Reading(RmsNorm norm, CrossAttention attention) {}

  T5(T5Config config, WeightViews weights) {
    this.config = config;
    this.weights = weights;
    String prefix = config.prefix();
    embedding = weights.lookup(prefix + "shared.weight");
    encoder = side(prefix + "encoder.", config.layersOfEncoder(), true);
    decoder =
        config.form() == Form.ENCODER ? null : side(prefix + "decoder.", config.layers(), false);
    output = OutputLayer.of(config.tied(), weights, prefix + "shared.weight", "lm_head.weight");
  }

  private Side side(String prefix, int count, boolean isEncoder) {
    // the first layer's table serves all, so that one bias object, and one mask, does
    Tensor table = // [buckets, H]
        weights.get(prefix + "block.0.layer.0.SelfAttention.relative_attention_bias.weight");
    AttentionForm form = UNBIASED.withBias(config.distances().bias(table, isEncoder));
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      LayerViews layer = new LayerViews(weights, prefix + "block." + i + ".layer.");
      String last = isEncoder ? "1." : "2.";
      layers.add(
          new Layer(
              norm(layer.get("0.layer_norm.weight")),
              new SelfAttention(
                  i,
                  config.heads(),
                  form,
                  layer.linear(
                      false, "0.SelfAttention.q", "0.SelfAttention.k", "0.SelfAttention.v"),
                  null,
                  layer.linear(false, "0.SelfAttention.o")),
              isEncoder ? null : reading(i, layer),
              norm(layer.get(last + "layer_norm.weight")),
              feedForward(layer, last + "DenseReluDense.")));
    }
    return new Side(layers, norm(weights.get(prefix + "final_layer_norm.weight")));
  }

  private Reading reading(int index, LayerViews layer) {
    return new Reading(
        norm(layer.get("1.layer_norm.weight")),
        new CrossAttention(
            index,
            config.heads(),
            UNBIASED,
            layer.linear(false, "1.EncDecAttention.q"),
            layer.linear(false, "1.EncDecAttention.k", "1.EncDecAttention.v"),
            layer.linear(false, "1.EncDecAttention.o"),
            weights.noise()));
  }

  private RmsNorm norm(Tensor weight) {
    return RmsNorm.scaled(weight, config.normEpsilon());
  }

  private UnaryOperator<Tensor> feedForward(LayerViews layer, String name) {
    Projection down = layer.linear(false, name + "wo");
    if (config.gated()) {
      Projection gateUp = layer.linear(false, name + "wi_0", name + "wi_1");
      return new GatedFeedForward(config.activation(), gateUp, down)::of;
    }
    return new FeedForward(config.activation(), layer.linear(false, name + "wi"), down)::of;
  }

  @Override
  public Tensor hidden(TokenBatch batch) {
    return switch (config.form()) {
      case LANGUAGE_MODEL -> hidden(batch, new CausalAttention(batch));
      case ENCODER -> encoded(batch);
      case CLASSIFIER -> { // the decoder writes what the encoder reads
        TokenBatch repeating = batch.shifted(config.startId()).reading(batch);
        yield hidden(repeating, new CausalAttention(repeating));
      }
    };
  }

  @Override
  public Tensor hidden(TokenBatch batch, Attention attention) {
    if (decoder == null) {
      throw new IllegalStateException("A T5 that was loaded as an encoder has no decoder.");
    }
    TokenBatch source = batch.source();
    Tensor read = source == null ? null : encoded(source); // known from the first token's pass
    Noise ofSource = source == null ? null : source.noise();
    Tensor x = embedding.of(batch.ids()); // [N, C]
    for (Layer layer : decoder.layers) {
      x = x.plus(layer.attention.of(layer.attentionNorm.of(x), null, attention));
      if (layer.reading != null) {
        Reading reading = layer.reading;
        x = x.plus(reading.attention.of(reading.norm.of(x), read, ofSource, attention));
      }
      x = x.plus(layer.feedForward.apply(layer.feedForwardNorm.of(x)));
    }
    return decoder.norm.of(x);
  }

  /** What the encoder makes of whole texts, {@code [M, C]}. */
  private Tensor encoded(TokenBatch texts) {
    return weights.noise().during(texts.noise(), () -> through(encoder, texts));
  }

  private Tensor through(Side side, TokenBatch texts) {
    Attention attention = new BidirectionalAttention(texts);
    Tensor x = embedding.of(texts.ids()); // [M, C]
    for (Layer layer : side.layers) {
      x = x.plus(layer.attention.of(layer.attentionNorm.of(x), null, attention));
      x = x.plus(layer.feedForward.apply(layer.feedForwardNorm.of(x)));
    }
    return side.norm.of(x);
  }

  @Override
  public Tensor logits(Tensor hidden) {
    return output.of(
        config.scaled() ? hidden.times(1 / Math.sqrt((double) config.hiddenSize())) : hidden);
  }

  @Override
  public void close() {
    weights.close();
  }
}
