package org.attune.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.checkpoint.DurableFile;
import org.attune.model.checkpoint.GenerationDefaults;
import org.attune.model.checkpoint.ModelDirectory;
import org.attune.model.generate.Generator;
import org.attune.model.tokenizer.SequenceEncoder;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.model.transformer.Architecture;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;
import org.attune.model.weights.Weights;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Workers;
import org.jspecify.annotations.Nullable;

/**
 * A language model: architecture, weights, tokenizer, and what its directory says of generation.
 *
 * <p>Directories are those of transformers. What transformers has no place for stands beside it:
 * the value head in {@code value_head.safetensors}, and how a score head reads texts in {@code
 * attune.json}.
 */
public final class LanguageModel implements AutoCloseable {
  private final ModelDirectory directory;
  private final ConfigJson config;
  private final Architecture architecture;
  private final Head head;
  private final Weights weights;
  private final @Nullable Tokenizer tokenizer;
  private final boolean ownsTokenizer;
  private final List<String> labels;
  private SequenceEncoder sequenceEncoder;

  private LanguageModel(
      ModelDirectory directory,
      ConfigJson config,
      Architecture architecture,
      Head head,
      Weights weights,
      @Nullable Tokenizer tokenizer,
      boolean ownsTokenizer,
      List<String> labels,
      SequenceEncoder sequenceEncoder) {
    this.directory = directory;
    this.config = config;
    this.architecture = architecture;
    this.head = head;
    this.weights = weights;
    this.tokenizer = tokenizer;
    this.ownsTokenizer = ownsTokenizer;
    this.labels = labels;
    this.sequenceEncoder = sequenceEncoder;
  }

  /**
   * Loads a directory with the head that it was saved with: a score head for a sequence classifier,
   * else the causal one.
   *
   * @throws CheckpointException if anything is missing, damaged or not understood
   */
  public static LanguageModel load(Path path) {
    ConfigJson config = ModelDirectory.open(path).config();
    return load(path, isClassifier(config) ? Head.SCORE : Head.CAUSAL, 0);
  }

  private static boolean isClassifier(ConfigJson config) {
    return config.texts("architectures").stream()
        .anyMatch(name -> name.endsWith(Head.SCORE.classSuffix()));
  }

  /**
   * Loads a directory and gives the model the head that is asked for.
   *
   * @param seed for a value or score head that the directory does not have
   */
  public static LanguageModel load(Path path, Head head, long seed) {
    return load(path, path, head, seed);
  }

  /**
   * Loads a directory with the tokenizer of another one.
   *
   * @param seed for a value or score head that the directory does not have
   * @throws CheckpointException if the tokenizer has tokens that the model has no place for
   */
  public static LanguageModel load(Path path, Path tokenizer, Head head, long seed) {
    LanguageModel model = unloaded(path, tokenizer, head);
    try {
      new WeightLoader(model.directory, model.architecture, head, seed).fill(model.weights);
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** A model with the architecture and tokenizer of a directory, and fresh random weights. */
  public static LanguageModel fresh(Path path, Head head, long seed) {
    LanguageModel model = unloaded(path, path, head);
    new Initialization(model.architecture, seed).fillAll(model.weights);
    return model;
  }

  private static LanguageModel unloaded(Path path, Path tokenizerPath, Head head) {
    ModelDirectory directory = ModelDirectory.open(path);
    ConfigJson config = directory.config();
    Architecture architecture = Architectures.read(config);
    List<String> labels = labels(config);
    SequenceEncoder sequenceEncoder = SequenceEncoder.read(path, architecture.contextLength());
    Tokenizer tokenizer =
        tokenizerPath.equals(path) && !directory.hasTokenizer()
            ? null
            : fittingTokenizer(tokenizerPath, path, architecture);
    return new LanguageModel(
        directory,
        config,
        architecture,
        head,
        new Weights(specs(architecture, head, labels.size())),
        tokenizer,
        true,
        labels,
        sequenceEncoder);
  }

  private static Tokenizer fittingTokenizer(
      Path tokenizerPath, Path path, Architecture architecture) {
    Tokenizer tokenizer = Tokenizer.load(tokenizerPath);
    int tokens = tokenizer.vocabularySize();
    int places = architecture.vocabularySize();
    if (tokens > places) {
      tokenizer.close();
      throw new CheckpointException(
          "The tokenizer of %s has %,d tokens, but the model of %s has places for %,d. Give the tokenizer that the model was trained with; if tokens were added to it, take them out of its files and make room with LanguageModel.withVocabularyOf."
              .formatted(tokenizerPath, tokens, path, places));
    }
    return tokenizer;
  }

  private static List<WeightSpec> specs(Architecture architecture, Head head, int labels) {
    List<WeightSpec> specs = new ArrayList<>(architecture.bodyWeights());
    specs.addAll(head.weights(architecture, labels));
    return specs;
  }

  private static List<String> labels(ConfigJson config) {
    if (!isClassifier(config)) {
      return List.of("LABEL_0");
    }
    // transformers does not write down its default of two labels
    return config
        .object("id2label")
        .map(
            names ->
                IntStream.range(0, names.toJson().size())
                    .mapToObj(i -> names.text(Integer.toString(i)))
                    .toList())
        .orElse(List.of("LABEL_0", "LABEL_1"));
  }

  /**
   * A second model with the same values in weights of its own. It uses this model's tokenizer;
   * close it before this model.
   */
  public LanguageModel copied() {
    return new LanguageModel(
        directory,
        config,
        architecture,
        head,
        GradientMode.without(weights::copied),
        tokenizer,
        false,
        labels,
        sequenceEncoder);
  }

  /**
   * A second model with the same values and a place for each token of another tokenizer, in weights
   * of its own. New rows of the embedding and of the output layer are the mean of the old ones.
   * Closing the model closes the tokenizer.
   *
   * @throws CheckpointException if the family has its vocabulary elsewhere than in {@code
   *     vocab_size}
   */
  public LanguageModel withVocabularyOf(Tokenizer other) {
    ConfigJson larger =
        VocabularyGrowth.grown(
            config, Math.max(architecture.vocabularySize(), other.vocabularySize()));
    Architecture grown = Architectures.read(larger);
    Weights copy = new Weights(specs(grown, head, labels.size()));
    GradientMode.useWithout(() -> VocabularyGrowth.copy(weights, copy));
    return new LanguageModel(
        directory, larger, grown, head, copy, other, true, labels, sequenceEncoder);
  }

  public Architecture architecture() {
    return architecture;
  }

  public Head head() {
    return head;
  }

  public Weights weights() {
    return weights;
  }

  /**
   * What turns text into token ids and back.
   *
   * @throws CheckpointException if the directory has none
   */
  public Tokenizer tokenizer() {
    if (tokenizer == null) {
      throw new CheckpointException(
          "%s has no tokenizer, so its model can neither read nor write text. Copy the tokenizer's files there."
              .formatted(source()));
    }
    return tokenizer;
  }

  /** The directory that the model came from. */
  public Path source() {
    return directory.path();
  }

  /** What the directory says of sampling. */
  public GenerationDefaults generationDefaults() {
    return directory.generationDefaults();
  }

  /** The names of what a score head scores; a new head has one, {@code LABEL_0}. */
  public List<String> labels() {
    return labels;
  }

  /** How a score head reads texts. */
  public SequenceEncoder sequenceEncoder() {
    return sequenceEncoder;
  }

  /** Decides how the score head reads texts; saved with the model. */
  public void sequenceEncoder(SequenceEncoder encoder) {
    sequenceEncoder = encoder;
  }

  /**
   * Tokens that end a generation, as the directory says; the tokenizer's end token where it says
   * none.
   */
  public Set<Integer> endIds() {
    Set<Integer> ids = new LinkedHashSet<>(generationDefaults().eosIds());
    if (ids.isEmpty() && tokenizer != null) {
      tokenizer.eosId().ifPresent(ids::add);
    }
    return ids;
  }

  /** The model for computing without gradients. Close it before the model. */
  public Replica frozenReplica(DType computeType) {
    return new Replica(architecture, head, WeightViews.frozen(weights, computeType));
  }

  /** The model for computing with gradients, collected in a buffer of the replica's own. */
  public Replica trainableReplica(DType computeType) {
    return new Replica(architecture, head, WeightViews.collecting(weights, computeType));
  }

  /** Continues prompts with a frozen replica of this model. */
  public Generator generator(Replica frozen, Workers workers) {
    return new Generator(architecture, frozen.transformer(), workers);
  }

  /** Saves a directory that loads here and in transformers. The directory must exist. */
  public void save(Path target) {
    ObjectNode json = config.toJson();
    json.putArray("architectures").add(architecture.className(head.classSuffix()));
    json.remove("dtype");
    json.put("torch_dtype", "float32");
    if (head == Head.SCORE) {
      ObjectNode names = json.putObject("id2label");
      ObjectNode numbers = json.putObject("label2id");
      for (int i = 0; i < labels.size(); i++) {
        names.put(Integer.toString(i), labels.get(i));
        numbers.put(labels.get(i), i);
      }
      json.put("pad_token_id", padId());
      sequenceEncoder.write(target);
    }
    DurableFile.write(target.resolve("config.json"), json.toPrettyString().getBytes(UTF_8));
    directory
        .generationConfig()
        .ifPresent(
            generation ->
                DurableFile.write(
                    target.resolve("generation_config.json"),
                    generation.toJson().toPrettyString().getBytes(UTF_8)));
    if (tokenizer != null) {
      tokenizer.save(target);
    }
    WeightSaver.save(weights, target);
  }

  /**
   * A token that no text ends with: transformers takes the last token that is not this one for the
   * end of a text. The end token, which GPT-2 uses for everything, must not be it.
   */
  private int padId() {
    if (tokenizer == null) {
      return config.integer("pad_token_id", 0);
    }
    OptionalInt eos = tokenizer.eosId();
    return Stream.of(tokenizer.padId(), tokenizer.unkId())
        .filter(id -> id.isPresent() && !id.equals(eos))
        .mapToInt(OptionalInt::getAsInt)
        .findFirst()
        .orElse(0);
  }

  @Override
  public void close() {
    weights.close();
    if (ownsTokenizer && tokenizer != null) {
      tokenizer.close();
    }
  }
}
