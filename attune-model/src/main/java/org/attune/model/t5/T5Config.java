package org.attune.model.t5;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.decoder.HeadLayout;
import org.attune.model.decoder.UnderstoodKeys;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Architecture;
import org.attune.model.transformer.ClassifierHead;
import org.attune.model.transformer.EachTokenHead;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/**
 * What {@code config.json} says of a T5.
 *
 * @param form which parts there are
 * @param hiddenSize C, {@code d_model}
 * @param intermediateSize channels inside the feed-forward block, {@code d_ff}
 * @param layersOfEncoder {@code num_layers}
 * @param layers of the decoder, {@code num_decoder_layers}
 * @param heads of {@code d_kv} channels, which need not be C together
 * @param distances how positions are told apart
 * @param activation inside the feed-forward block
 * @param gated whether that block has a gate
 * @param normEpsilon added to the mean square in norms
 * @param scaled whether the output layer reads the decoder's output divided by √C, as in version
 *     1.0
 * @param tied whether it shares the embedding's weights
 * @param startId what the decoder begins with
 * @param endId what a text ends with
 * @param initializerFactor multiplies the deviation of freshly made weights
 */
public record T5Config(
    Form form,
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layersOfEncoder,
    int layers,
    HeadLayout heads,
    DistanceBuckets distances,
    Activation activation,
    boolean gated,
    double normEpsilon,
    boolean scaled,
    boolean tied,
    int startId,
    int endId,
    double initializerFactor)
    implements Architecture {
  private static final String OUTPUT = "lm_head.weight";

  /** Which parts of the model there are. */
  public enum Form {
    /** Encoder and decoder, with names that begin with no prefix. */
    LANGUAGE_MODEL,
    /** Encoder and decoder, which both read the text that is scored. */
    CLASSIFIER,
    /** The encoder alone. */
    ENCODER
  }

  /**
   * Reads the keys that a T5 has; a missing one has its class's default. Every file asks for
   * dropout, which only adapters do here. Positions have no bound: what {@code n_positions} says is
   * the length in training.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is out of range, or asks for
   *     something that this family does not compute here
   */
  public static T5Config read(ConfigJson json) {
    UnderstoodKeys.require(
        json,
        Set.of(
            "relative_attention_num_buckets",
            "relative_attention_max_distance",
            "layer_norm_epsilon",
            "dropout_rate",
            "classifier_dropout",
            "scale_decoder_outputs",
            "n_positions"));
    if (!json.flag("is_encoder_decoder", true)) {
      throw json.mismatch("is_encoder_decoder", "true (an encoder and a decoder are computed)");
    }
    String feedForward = json.text("feed_forward_proj", "relu");
    boolean gated = json.flag("is_gated_act", feedForward.startsWith("gated-"));
    int layers = positive(json, "num_layers", 6);
    // version 5 of transformers writes the one, version 4 the other for the same
    boolean tied = json.flag("tie_word_embeddings", true);
    int heads = positive(json, "num_heads", 8);
    return new T5Config(
        Form.LANGUAGE_MODEL,
        positive(json, "vocab_size", 32128),
        positive(json, "d_model", 512),
        positive(json, "d_ff", 2048),
        layers,
        positive(json, "num_decoder_layers", layers),
        new HeadLayout(heads, heads, positive(json, "d_kv", 64)),
        DistanceBuckets.read(json),
        activation(json, feedForward),
        gated,
        json.number("layer_norm_epsilon", 1e-6),
        json.flag("scale_decoder_outputs", tied),
        tied,
        json.integer("decoder_start_token_id", json.integer("pad_token_id", 0)),
        json.integer("eos_token_id", 1),
        json.number("initializer_factor", 1));
  }

  private static int positive(ConfigJson json, String key, int otherwise) {
    return json.has(key) ? json.atLeastOne(key) : otherwise;
  }

  /** {@code dense_act_fn}, or the end of {@code feed_forward_proj}. */
  private static Activation activation(ConfigJson json, String feedForward) {
    if (json.has("dense_act_fn")) {
      return Activation.read(json, "dense_act_fn", Activation.RELU);
    }
    return feedForward.equals("gated-gelu") // by which its authors meant the approximation
        ? Activation.GELU_TANH
        : Activation.named(json, "feed_forward_proj", feedForward.replaceFirst("^gated-", ""));
  }

  @Override
  public Architecture storedAs(Supplier<Set<String>> names) {
    // version 5 writes tie_word_embeddings true even if the output layer is a separate one
    return scaled ? this : with(form, !names.get().contains(OUTPUT));
  }

  @Override
  public Architecture forSequences() {
    return with(Form.CLASSIFIER, true);
  }

  @Override
  public Architecture forTokens() {
    return with(Form.ENCODER, true);
  }

  private T5Config with(Form otherForm, boolean otherTied) {
    return new T5Config(
        otherForm,
        vocabularySize,
        hiddenSize,
        intermediateSize,
        layersOfEncoder,
        layers,
        heads,
        distances,
        activation,
        gated,
        normEpsilon,
        scaled,
        otherTied,
        startId,
        endId,
        initializerFactor);
  }

  /** What the names of the body's weights begin with. */
  String prefix() {
    return form == Form.LANGUAGE_MODEL ? "" : bodyPrefix();
  }

  @Override
  public String modelType() {
    return "t5";
  }

  @Override
  public String bodyPrefix() {
    return "transformer.";
  }

  @Override
  public int keyHeads() {
    return heads.keyHeads();
  }

  @Override
  public int headSize() {
    return heads.headSize();
  }

  /** Unbounded: positions are told apart by their distance. */
  @Override
  public int contextLength() {
    return Integer.MAX_VALUE;
  }

  /** That of keys and values; the original's differs from layer to layer. */
  @Override
  public double initializerRange() {
    return initializerFactor / Math.sqrt((double) hiddenSize);
  }

  @Override
  public boolean isEncoder() {
    return form == Form.ENCODER;
  }

  @Override
  public OptionalInt decoderStart() {
    return form == Form.LANGUAGE_MODEL ? OptionalInt.of(startId) : OptionalInt.empty();
  }

  @Override
  public List<WeightSpec> bodyWeights() {
    List<WeightSpec> specs = new ArrayList<>();
    specs.add(new WeightSpec(prefix() + "shared.weight", vocabularySize, hiddenSize));
    addSide(specs, prefix() + "encoder.", layersOfEncoder, true);
    if (form != Form.ENCODER) {
      addSide(specs, prefix() + "decoder.", layers, false);
    }
    return specs;
  }

  private void addSide(List<WeightSpec> specs, String side, int count, boolean isEncoder) {
    for (int i = 0; i < count; i++) {
      String layer = side + "block." + i + ".layer.";
      addAttention(specs, layer + "0.", "SelfAttention");
      if (i == 0) {
        specs.add(
            new WeightSpec(
                layer + "0.SelfAttention.relative_attention_bias.weight",
                distances.buckets(),
                heads.heads()));
      }
      if (!isEncoder) {
        addAttention(specs, layer + "1.", "EncDecAttention");
      }
      addFeedForward(specs, layer + (isEncoder ? "1." : "2."));
    }
    specs.add(new WeightSpec(side + "final_layer_norm.weight", hiddenSize));
  }

  private void addAttention(List<WeightSpec> specs, String block, String name) {
    specs.add(new WeightSpec(block + "layer_norm.weight", hiddenSize));
    for (String matrix : List.of("q", "k", "v")) {
      specs.addAll(
          WeightSpec.linear(block + name + "." + matrix, false, hiddenSize, heads.queryWidth()));
    }
    specs.addAll(WeightSpec.linear(block + name + ".o", false, heads.queryWidth(), hiddenSize));
  }

  private void addFeedForward(List<WeightSpec> specs, String block) {
    specs.add(new WeightSpec(block + "layer_norm.weight", hiddenSize));
    String dense = block + "DenseReluDense.";
    for (String matrix : gated ? List.of("wi_0", "wi_1") : List.of("wi")) {
      specs.addAll(WeightSpec.linear(dense + matrix, false, hiddenSize, intermediateSize));
    }
    specs.addAll(WeightSpec.linear(dense + "wo", false, intermediateSize, hiddenSize));
  }

  @Override
  public List<WeightSpec> outputWeights() {
    return tied ? List.of() : List.of(new WeightSpec(OUTPUT, vocabularySize, hiddenSize));
  }

  @Override
  public ClassifierHead sequenceHead(int labels) {
    return new EndTokenHead(endId, hiddenSize, labels);
  }

  @Override
  public ClassifierHead tokenHead(int labels) {
    return new EachTokenHead("classifier", hiddenSize, labels, 0);
  }

  @Override
  public List<String> headPrefixes() {
    List<String> heads = List.of(OUTPUT, "classification_head.", "classifier.", "v_head.");
    return form == Form.ENCODER
        ? Stream.concat(heads.stream(), Stream.of("decoder.", "transformer.decoder.")).toList()
        : heads;
  }

  /** Copies of the shared table, and a table that the first checkpoints have and nobody reads. */
  @Override
  public List<String> unusedWeights() {
    return Stream.of("", bodyPrefix())
        .flatMap(
            prefix ->
                Stream.of(
                    prefix + "encoder.embed_tokens.weight",
                    prefix + "decoder.embed_tokens.weight",
                    prefix
                        + "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight"))
        .toList();
  }

  @Override
  public String className(String head) {
    return head.equals("CausalLM") ? "T5ForConditionalGeneration" : "T5For" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return new T5(this, weights);
  }
}
