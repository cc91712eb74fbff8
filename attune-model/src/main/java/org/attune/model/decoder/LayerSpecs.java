package org.attune.model.decoder;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.attune.model.weights.WeightSpec;

/** Lists the weights of a decoder; matrices that are used together stand one behind another. */
public final class LayerSpecs {
  private final DecoderSettings settings;
  private final List<WeightSpec> specs = new ArrayList<>();
  private String prefix = "";
  private int index;

  private LayerSpecs(DecoderSettings settings) {
    this.settings = settings;
  }

  /** The embedding, the weights that {@code layer} lists of each layer, and the last norm. */
  public static List<WeightSpec> body(DecoderSettings settings, Consumer<LayerSpecs> layer) {
    LayerSpecs all = new LayerSpecs(settings);
    all.specs.add(
        new WeightSpec(
            "model.embed_tokens.weight", settings.vocabularySize(), settings.hiddenSize()));
    for (int i = 0; i < settings.layers(); i++) {
      all.index = i;
      all.prefix = "model.layers." + i + ".";
      layer.accept(all);
    }
    all.specs.add(new WeightSpec("model.norm.weight", settings.hiddenSize()));
    return all.specs;
  }

  /** Which layer is listed, from 0. */
  public int index() {
    return index;
  }

  public LayerSpecs linear(boolean withBias, String name, long in, long out) {
    specs.addAll(WeightSpec.linear(prefix + name, withBias, in, out));
    return this;
  }

  /** Projections around attention. */
  public LayerSpecs attention(boolean inputBias, boolean outputBias) {
    int hidden = settings.hiddenSize();
    HeadLayout heads = settings.heads();
    return linear(inputBias, "self_attn.q_proj", hidden, heads.queryWidth())
        .linear(inputBias, "self_attn.k_proj", hidden, heads.keyWidth())
        .linear(inputBias, "self_attn.v_proj", hidden, heads.keyWidth())
        .linear(outputBias, "self_attn.o_proj", heads.queryWidth(), hidden);
  }

  public LayerSpecs gatedFeedForward(boolean withBias) {
    int hidden = settings.hiddenSize();
    int inner = settings.intermediateSize();
    return linear(withBias, "mlp.gate_proj", hidden, inner)
        .linear(withBias, "mlp.up_proj", hidden, inner)
        .linear(withBias, "mlp.down_proj", inner, hidden);
  }

  /** Norms of C channels. */
  public LayerSpecs norms(String... names) {
    for (String name : names) {
      norm(name, settings.hiddenSize());
    }
    return this;
  }

  public LayerSpecs norm(String name, long width) {
    specs.add(new WeightSpec(prefix + name + ".weight", width));
    return this;
  }
}
