package org.attune.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.checkpoint.DurableFile;
import org.attune.model.checkpoint.GenerationDefaults;
import org.attune.model.checkpoint.ModelDirectory;
import org.attune.model.classify.PairEncoding;
import org.attune.model.generate.Generator;
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
 * the value head in {@code value_head.safetensors}, and how a reward model reads prompt and
 * completion in {@code attune.json}.
 */
public final class LanguageModel implements AutoCloseable {
  private static final String ENCODING = "encoding";

  private final ModelDirectory directory;
  private final ConfigJson config;
  private final Architecture architecture;
  private final Head head;
  private final Weights weights;
  private final @Nullable Tokenizer tokenizer;
  private final boolean ownsTokenizer;
  private PairEncoding pairEncoding;

  private LanguageModel(
      ModelDirectory directory,
      ConfigJson config,
      Architecture architecture,
      Head head,
      Weights weights,
      @Nullable Tokenizer tokenizer,
      boolean ownsTokenizer,
      PairEncoding pairEncoding) {
    this.directory = directory;
    this.config = config;
    this.architecture = architecture;
    this.head = head;
    this.weights = weights;
    this.tokenizer = tokenizer;
    this.ownsTokenizer = ownsTokenizer;
    this.pairEncoding = pairEncoding;
  }

  /**
   * Loads a directory with the head that it was saved with: a score head for a sequence classifier,
   * else the causal one.
   *
   * @throws CheckpointException if anything is missing, damaged or not understood
   */
  public static LanguageModel load(Path path) {
    ConfigJson config = ModelDirectory.open(path).config();
    boolean classifier =
        config.texts("architectures").stream()
            .anyMatch(name -> name.endsWith(Head.SCORE.classSuffix()));
    return load(path, classifier ? Head.SCORE : Head.CAUSAL, 0);
  }

  /**
   * Loads a directory and gives the model the head that is asked for.
   *
   * @param seed for a value or score head that the directory does not have
   */
  public static LanguageModel load(Path path, Head head, long seed) {
    LanguageModel model = unloaded(path, head);
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
    LanguageModel model = unloaded(path, head);
    new Initialization(model.architecture.initializerRange(), seed).fillAll(model.weights);
    return model;
  }

  private static LanguageModel unloaded(Path path, Head head) {
    ModelDirectory directory = ModelDirectory.open(path);
    ConfigJson config = directory.config();
    Architecture architecture = Architectures.read(config);
    Tokenizer tokenizer = directory.hasTokenizer() ? Tokenizer.load(path) : null;
    return new LanguageModel(
        directory,
        config,
        architecture,
        head,
        new Weights(specs(architecture, head)),
        tokenizer,
        true,
        readPairEncoding(path));
  }

  private static List<WeightSpec> specs(Architecture architecture, Head head) {
    List<WeightSpec> specs = new ArrayList<>(architecture.bodyWeights());
    specs.addAll(head.weights(architecture, 1));
    return specs;
  }

  private static PairEncoding readPairEncoding(Path path) {
    Path file = path.resolve("attune.json");
    if (!Files.exists(file)) {
      return PairEncoding.CONCATENATE;
    }
    ConfigJson json = ConfigJson.read(file);
    String name = json.text(ENCODING, "concatenate");
    for (PairEncoding encoding : PairEncoding.values()) {
      if (encoding.name().toLowerCase(Locale.ROOT).equals(name)) {
        return encoding;
      }
    }
    throw json.mismatch(ENCODING, "pair or concatenate");
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
        pairEncoding);
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
          "%s has no tokenizer.json, so its model can neither read nor write text. Copy the tokenizer's files there."
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

  /** How a score head reads prompt and completion. */
  public PairEncoding pairEncoding() {
    return pairEncoding;
  }

  /** Decides how the score head reads prompt and completion; saved with the model. */
  public void pairEncoding(PairEncoding encoding) {
    pairEncoding = encoding;
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
    return new Generator(architecture, frozen, workers);
  }

  /** Saves a directory that loads here and in transformers. The directory must exist. */
  public void save(Path target) {
    ObjectNode json = config.toJson();
    json.putArray("architectures").add(architecture.className(head.classSuffix()));
    json.remove("dtype");
    json.put("torch_dtype", "float32");
    if (head == Head.SCORE) {
      json.putObject("id2label").put("0", "LABEL_0");
      json.putObject("label2id").put("LABEL_0", 0);
      json.put("pad_token_id", padId());
      DurableFile.write(
          target.resolve("attune.json"),
          """
          {"%s": "%s"}
          """
              .formatted(ENCODING, pairEncoding.name().toLowerCase(Locale.ROOT))
              .getBytes(UTF_8));
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

  /** A token that never ends a text, so that transformers reads the score where it is read here. */
  private int padId() {
    return tokenizer == null
        ? config.integer("pad_token_id", 0)
        : tokenizer.padId().orElse(tokenizer.unkId().orElse(0));
  }

  @Override
  public void close() {
    weights.close();
    if (ownsTokenizer && tokenizer != null) {
      tokenizer.close();
    }
  }
}
