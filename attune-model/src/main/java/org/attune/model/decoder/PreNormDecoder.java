package org.attune.model.decoder;

import java.util.List;
import java.util.function.UnaryOperator;
import org.attune.model.transformer.Attention;
import org.attune.model.transformer.ExpertLoad;
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
 * Llama's order of computation: x + attention(norm(x)), then x + feedForward(norm(x)), layer by
 * layer, and a norm at the end. Families differ in the parts of their layers.
 */
public final class PreNormDecoder implements Transformer {
  private final WeightViews weights;
  private final RotaryPositions rotary;
  private final Lookup embedding; // [V, C]
  private final List<Layer> layers;
  private final RmsNorm norm;
  private final Projection output; // [C] to [V]

  /**
   * The parts of a layer.
   *
   * @param positions whether keys and queries turn with their positions
   * @param feedForward its feed-forward block, or what stands in its place
   */
  public record Layer(
      RmsNorm attentionNorm,
      Positions positions,
      SelfAttention attention,
      RmsNorm feedForwardNorm,
      FeedForwardBlock feedForward) {

    /** A layer without experts. */
    public Layer(
        RmsNorm attentionNorm,
        Positions positions,
        SelfAttention attention,
        RmsNorm feedForwardNorm,
        UnaryOperator<Tensor> feedForward) {
      this(
          attentionNorm,
          positions,
          attention,
          feedForwardNorm,
          FeedForwardBlock.dense(feedForward));
    }
  }

  /** What a layer computes of each token by itself. */
  @FunctionalInterface
  public interface FeedForwardBlock {
    /**
     * {@code [N, C]} to {@code [N, C]}.
     *
     * @param load is told which experts computed which tokens; null where nobody asks
     */
    Tensor of(Tensor x, @Nullable ExpertLoad load);

    /** A block that has no experts. */
    static FeedForwardBlock dense(UnaryOperator<Tensor> block) {
      return (x, load) -> block.apply(x);
    }
  }

  /** What a layer's attention knows of positions. */
  public enum Positions {
    ROTARY,
    NONE
  }

  public PreNormDecoder(DecoderArchitecture config, WeightViews weights, List<Layer> layers) {
    this.weights = weights;
    this.layers = layers;
    rotary = new RotaryPositions(config.contextLength(), config.rotary());
    embedding = weights.lookup("model.embed_tokens.weight");
    norm = RmsNorm.scaled(weights.get("model.norm.weight"), config.settings().normEpsilon());
    output = OutputLayer.of(config.settings(), weights);
  }

  @Override
  public Tensor hidden(TokenBatch batch, Attention attention) {
    return hidden(batch, attention, null);
  }

  @Override
  public Tensor hidden(TokenBatch batch, Attention attention, @Nullable ExpertLoad load) {
    RotaryPositions.Turn turn = rotary.at(batch);
    Tensor x = embedding.of(batch.ids()); // [N, C]
    return norm.of(
        Layers.through(layers, x, (layer, before) -> after(layer, before, turn, attention, load)));
  }

  private static Tensor after(
      Layer layer,
      Tensor before,
      RotaryPositions.Turn turn,
      Attention attention,
      @Nullable ExpertLoad load) {
    RotaryPositions.Turn ofLayer = layer.positions == Positions.ROTARY ? turn : null;
    Tensor x = before.plus(layer.attention.of(layer.attentionNorm.of(before), ofLayer, attention));
    return x.plus(layer.feedForward.of(layer.feedForwardNorm.of(x), load));
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
