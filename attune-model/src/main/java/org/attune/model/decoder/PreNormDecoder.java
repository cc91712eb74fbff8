package org.attune.model.decoder;

import java.util.List;
import java.util.function.UnaryOperator;
import org.attune.model.transformer.Attention;
import org.attune.model.transformer.ExpertLoad;
import org.attune.model.transformer.RotaryPositions;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.Lookup;
import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
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
    for (Layer layer : layers) {
      Tensor before = x;
      RotaryPositions.Turn ofLayer = layer.positions == Positions.ROTARY ? turn : null;
      // what a layer made on its way is freed at once, but for what a backward pass will need;
      // the load of experts is summed over layers
      x =
          load == null
              ? TensorScope.with(() -> after(layer, before, ofLayer, attention, null))
              : after(layer, before, ofLayer, attention, load);
    }
    return norm.of(x);
  }

  private static Tensor after(
      Layer layer,
      Tensor before,
      RotaryPositions.@Nullable Turn turn,
      Attention attention,
      @Nullable ExpertLoad load) {
    Tensor x = before.plus(layer.attention.of(layer.attentionNorm.of(before), turn, attention));
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
