package org.attune.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.attune.model.adapter.AdaptedModel;
import org.attune.model.adapter.Adapter;
import org.attune.model.adapter.AdapterDirectory;
import org.attune.model.adapter.Adapters;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.checkpoint.DurableFile;
import org.attune.model.checkpoint.GenerationDefaults;
import org.attune.model.checkpoint.ModelDirectory;
import org.attune.model.checkpoint.SavedForm;
import org.attune.model.generate.Generator;
import org.attune.model.gguf.GgufFile;
import org.attune.model.gguf.GgufModel;
import org.attune.model.quantize.Quantization;
import org.attune.model.template.ChatTemplates;
import org.attune.model.tokenizer.PairEncoding;
import org.attune.model.tokenizer.SequenceEncoder;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.model.transformer.Architecture;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightUse;
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
  private final ChatTemplates chatTemplates;
  private SequenceEncoder sequenceEncoder;
  private @Nullable Adapters adapters;

  private LanguageModel(
      ModelDirectory directory,
      ConfigJson config,
      Architecture architecture,
      Head head,
      Weights weights,
      @Nullable Tokenizer tokenizer,
      boolean ownsTokenizer,
      List<String> labels,
      ChatTemplates chatTemplates,
      SequenceEncoder sequenceEncoder) {
    this.directory = directory;
    this.config = config;
    this.architecture = architecture;
    this.head = head;
    this.weights = weights;
    this.tokenizer = tokenizer;
    this.ownsTokenizer = ownsTokenizer;
    this.labels = labels;
    this.chatTemplates = chatTemplates;
    this.sequenceEncoder = sequenceEncoder;
  }

  /**
   * Loads a directory with the head that it was saved with: a score head for a sequence classifier,
   * and so on; where it names none, the causal one, or none of an encoder.
   *
   * @throws CheckpointException if anything is missing, damaged or not understood
   */
  public static LanguageModel load(Path path) {
    if (AdapterDirectory.isOne(path)) {
      AdapterDirectory adapter = AdapterDirectory.open(path);
      return withAdapter(adapter.base(), path);
    }
    ConfigJson config = open(path).config();
    return load(path, savedHead(config, Architectures.read(config)), 0);
  }

  /**
   * As {@link #load(Path)} for a model that is only computed with, its weights kept in {@code
   * type}: bfloat16 takes two bytes a weight. Only adapters of such a model can be trained.
   */
  public static LanguageModel load(Path path, DType type) {
    if (AdapterDirectory.isOne(path)) {
      return withAdapter(AdapterDirectory.open(path).base(), path, type);
    }
    ConfigJson config = open(path).config();
    return load(path, path, savedHead(config, Architectures.read(config)), 0, null, type);
  }

  /**
   * The type to keep a model in that is only computed with, and multiplies in {@code computeType}:
   * that type if it loses nothing of what the directory says to hold, else float32.
   */
  public static DType frozenType(Path path, DType computeType) {
    if (AdapterDirectory.isOne(path)) {
      return DType.FLOAT32;
    }
    ConfigJson config = open(path).config();
    String saved = config.text("dtype", config.text("torch_dtype", ""));
    return computeType == DType.BFLOAT16 && saved.equals("bfloat16") ? computeType : DType.FLOAT32;
  }

  private static ModelDirectory open(Path path) {
    return GgufFile.isNamed(path) ? GgufModel.open(path) : ModelDirectory.open(path);
  }

  private static Head savedHead(ConfigJson config, Architecture architecture) {
    return Head.of(config.texts("architectures"), architecture);
  }

  /**
   * Loads a directory and gives the model the head that is asked for. The directory of an adapter
   * means its base with the adapter active.
   *
   * @param seed for a value or score head that the directory does not have
   */
  public static LanguageModel load(Path path, Head head, long seed) {
    return AdapterDirectory.isOne(path)
        ? withAdapter(AdapterDirectory.open(path).base(), path, head, seed)
        : load(path, path, head, seed);
  }

  /**
   * Loads a model and an adapter of it, which is then active. Files beside the adapter, such as a
   * tokenizer, come before the model's.
   *
   * @param seed for a value or score head that neither has
   * @throws CheckpointException if the adapter is that of another model
   */
  public static LanguageModel withAdapter(Path base, Path adapter, Head head, long seed) {
    return withAdapter(base, adapter, head, seed, null, DType.FLOAT32);
  }

  /** As {@link #withAdapter(Path, Path, Head, long)} on a base in fewer bits. */
  public static LanguageModel withAdapter(
      Path base, Path adapter, Head head, long seed, @Nullable Quantization quantization) {
    return withAdapter(base, adapter, head, seed, quantization, DType.FLOAT32);
  }

  /**
   * As {@link #withAdapter(Path, Path, Head, long)} on a base in less than float32.
   *
   * @param quantization of linear layers; null for none
   * @param type of all other weights
   */
  public static LanguageModel withAdapter(
      Path base,
      Path adapter,
      Head head,
      long seed,
      @Nullable Quantization quantization,
      DType type) {
    Path tokenizer = Files.exists(adapter.resolve("tokenizer.json")) ? adapter : base;
    LanguageModel model = load(base, tokenizer, head, seed, quantization, type);
    try {
      if (Files.exists(adapter.resolve("attune.json"))) {
        model.sequenceEncoder =
            SequenceEncoder.read(
                adapter, model.architecture.contextLength(), pairEncoding(model.architecture));
      }
      model.adapters().load(Adapters.DEFAULT, adapter);
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** As {@link #withAdapter} with the head that the two were saved with. */
  public static LanguageModel withAdapter(Path base, Path adapter) {
    return withAdapter(base, adapter, DType.FLOAT32);
  }

  /** As {@link #withAdapter(Path, Path)} with the base's weights kept in {@code type}. */
  public static LanguageModel withAdapter(Path base, Path adapter, DType type) {
    Head head = Head.SCORE;
    if (!AdapterDirectory.open(adapter).isClassifier()) {
      ConfigJson config = open(base).config();
      head = savedHead(config, Architectures.read(config));
    }
    return withAdapter(base, adapter, head, 0, null, type);
  }

  /**
   * Loads a directory with the tokenizer of another one.
   *
   * @param seed for a value or score head that the directory does not have
   * @throws CheckpointException if the tokenizer has tokens that the model has no place for
   */
  public static LanguageModel load(Path path, Path tokenizer, Head head, long seed) {
    return load(path, tokenizer, head, seed, null, DType.FLOAT32);
  }

  /**
   * Loads a directory with the tokenizer of another one, and keeps the matrices of its linear
   * layers, but for the output layer, in fewer bits. Such a model is frozen: only adapters of it
   * can be trained.
   *
   * @param quantization null for whole matrices
   */
  public static LanguageModel load(
      Path path, Path tokenizer, Head head, long seed, @Nullable Quantization quantization) {
    return load(path, tokenizer, head, seed, quantization, DType.FLOAT32);
  }

  /**
   * As {@link #load(Path, Path, Head, long, Quantization)} with all other weights kept in {@code
   * type}.
   */
  public static LanguageModel load(
      Path path,
      Path tokenizer,
      Head head,
      long seed,
      @Nullable Quantization quantization,
      DType type) {
    LanguageModel model = unloaded(path, tokenizer, head, quantization, type, Origin.STORED);
    try {
      new WeightLoader(model.directory, model.architecture, head, model.labels.size(), seed)
          .fill(model.weights);
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** A model with the architecture and tokenizer of a directory, and fresh random weights. */
  public static LanguageModel fresh(Path path, Head head, long seed) {
    LanguageModel model = unloaded(path, path, head, null, DType.FLOAT32, Origin.FRESH);
    new Initialization(model.architecture, seed).fillAll(model.weights);
    return model;
  }

  /** Where weights come from. */
  private enum Origin {
    STORED,
    FRESH
  }

  private static LanguageModel unloaded(
      Path path,
      Path tokenizerPath,
      Head head,
      @Nullable Quantization quantization,
      DType type,
      Origin origin) {
    ModelDirectory directory = open(path);
    ConfigJson config = directory.config();
    Architecture family = Architectures.read(config);
    List<String> labels = labels(config, savedHead(config, family));
    Architecture architecture =
        head.under(origin == Origin.STORED ? family.storedAs(directory::weightNames) : family);
    SequenceEncoder sequenceEncoder =
        SequenceEncoder.read(path, architecture.contextLength(), pairEncoding(architecture));
    Tokenizer tokenizer =
        tokenizerPath.equals(path) && !directory.hasTokenizer()
            ? null
            : fittingTokenizer(tokenizerPath, path, architecture);
    return new LanguageModel(
        directory,
        config,
        architecture,
        head,
        weights(architecture, specs(architecture, head, labels.size()), quantization, type),
        tokenizer,
        true,
        labels,
        tokenizer == null
            ? ChatTemplates.read(tokenizerPath)
            : ChatTemplates.of(tokenizerPath, tokenizer),
        sequenceEncoder);
  }

  private static Weights weights(
      Architecture architecture,
      List<WeightSpec> specs,
      @Nullable Quantization quantization,
      DType type) {
    if (quantization == null) {
      return new Weights(specs, type);
    }
    Map<String, WeightUse> matrices = new LinkedHashMap<>();
    try (Weights unfilled = Weights.unfilled(specs)) {
      WeightViews views = WeightViews.frozen(unfilled, DType.FLOAT32);
      try (Transformer transformer = architecture.over(views)) {
        matrices.putAll(views.uses());
        matrices.keySet().removeAll(views.shared());
      }
    }
    architecture.outputWeights().forEach(spec -> matrices.remove(spec.name()));
    matrices.values().removeIf(use -> use == WeightUse.PLAIN || use == WeightUse.TABLE);
    return Weights.quantized(specs, quantization, matrices, type);
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

  /** What encoders were trained on, and what causal models were. */
  private static PairEncoding pairEncoding(Architecture architecture) {
    return architecture.isEncoder() ? PairEncoding.PAIR : PairEncoding.CONCATENATE;
  }

  private static List<String> labels(ConfigJson config, Head savedHead) {
    if (!savedHead.scoresLabels()) {
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
   * A second model with the same values in weights of its own, without adapters. It uses this
   * model's tokenizer; close it before this model.
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
        chatTemplates,
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
    Architecture grown = head.under(Architectures.read(larger).storedAs(weights::names));
    Weights copy = new Weights(specs(grown, head, labels.size()));
    GradientMode.useWithout(() -> VocabularyGrowth.copy(weights, copy));
    return new LanguageModel(
        directory, larger, grown, head, copy, other, true, labels, chatTemplates, sequenceEncoder);
  }

  public Architecture architecture() {
    return architecture;
  }

  /** The content of {@code config.json}. */
  public ConfigJson config() {
    return config;
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

  /**
   * The text of what the model wrote after a prompt, special tokens left out: as it follows the
   * prompt's text where both are one sequence, and by itself where a decoder wrote it.
   *
   * @throws CheckpointException if the directory has no tokenizer
   */
  public String continuation(int[] prompt, int... written) {
    return tokenizer()
        .continuation(architecture.decoderStart().isPresent() ? new int[0] : prompt, written);
  }

  /** Whether the model can read and write text. */
  public boolean hasTokenizer() {
    return tokenizer != null;
  }

  /** The forms for conversations that the tokenizer's directory has. */
  public ChatTemplates chatTemplates() {
    return chatTemplates;
  }

  /** The directory that the model came from. */
  public Path source() {
    return directory.path();
  }

  /** What the directory says of sampling. */
  public GenerationDefaults generationDefaults() {
    return directory.generationDefaults();
  }

  /** The names of what a head of labels scores; a new head has one, {@code LABEL_0}. */
  public List<String> labels() {
    return labels;
  }

  /** What the directory says of its labels. */
  public Optional<ProblemType> problemType() {
    return ProblemType.read(config);
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

  /** The model's adapters; none until one is added or loaded. */
  public synchronized Adapters adapters() {
    if (adapters == null) {
      adapters = new Adapters(adaptedModel());
    }
    return adapters;
  }

  private AdaptedModel adaptedModel() {
    WeightViews views = WeightViews.frozen(weights, weights.type());
    try (Transformer transformer = architecture.over(views)) {
      if (head.scoresLabels()) {
        head.classifier(architecture, labels.size()).over(views);
      }
      Set<String> heads = new LinkedHashSet<>();
      head.weights(architecture, labels.size()).forEach(spec -> heads.add(spec.name()));
      Set<String> outputs = new LinkedHashSet<>();
      if (!head.scoresLabels()) { // ModernBERT's classifiers begin as its output layer does
        architecture.outputWeights().forEach(spec -> outputs.add(spec.name()));
      }
      heads.removeAll(outputs);
      return new AdaptedModel(
          source().toString(),
          architecture.modelType(),
          weights,
          Map.copyOf(views.uses()),
          Set.copyOf(views.shared()),
          outputs,
          heads);
    }
  }

  private Optional<Adapter> activeAdapter() {
    return Optional.ofNullable(adapters).flatMap(Adapters::active);
  }

  /** What a training changes: the active adapter's weights, or all where there is none. */
  public Weights trainedWeights() {
    return activeAdapter().map(Adapter::trained).orElse(weights);
  }

  /** The model for computing without gradients. Close it before the model. */
  public Replica frozenReplica(DType computeType) {
    return new Replica(
        architecture,
        head,
        labels.size(),
        activeAdapter()
            .map(adapter -> WeightViews.frozen(weights, adapter.adaptation(), computeType))
            .orElseGet(() -> WeightViews.frozen(weights, computeType)));
  }

  /** The model without its adapters, for computing without gradients. */
  public Replica baseReplica(DType computeType) {
    return new Replica(architecture, head, labels.size(), WeightViews.frozen(weights, computeType));
  }

  /**
   * The model for computing with gradients of {@link #trainedWeights}, collected in a buffer of the
   * replica's own.
   */
  public Replica trainableReplica(DType computeType) {
    return new Replica(
        architecture,
        head,
        labels.size(),
        activeAdapter()
            .map(adapter -> WeightViews.collecting(weights, adapter.adaptation(), computeType))
            .orElseGet(() -> WeightViews.collecting(weights, computeType)));
  }

  /** Continues prompts with a frozen replica of this model. */
  public Generator generator(Replica frozen, Workers workers) {
    if (architecture.isEncoder()) {
      throw new CheckpointException(
          "%s is an encoder and cannot continue texts. Give a causal language model."
              .formatted(source()));
    }
    return new Generator(architecture, frozen.transformer(), workers, tokenizer);
  }

  /**
   * Saves a directory that loads here and in transformers; with an active adapter, one that holds
   * it alone and loads here and in PEFT. The directory must exist.
   */
  public void save(Path target) {
    Optional<Adapter> adapter = activeAdapter();
    if (adapter.isPresent()) {
      save(adapter.get(), target);
      return;
    }
    save(target, SavedForm.FLOAT32);
  }

  /**
   * Saves a directory that loads here and in transformers, without adapters. The directory must
   * exist.
   */
  public void save(Path target, SavedForm form) {
    if (head == Head.NONE) {
      throw new IllegalStateException(
          "%s was loaded without a head, to compute with its output. Load it with the head that is to be saved."
              .formatted(source()));
    }
    ObjectNode json = config.toJson();
    json.putArray("architectures").add(architecture.className(head.classSuffix()));
    json.remove("dtype");
    json.put("torch_dtype", form.configName());
    if (head.scoresLabels()) {
      ObjectNode names = json.putObject("id2label");
      ObjectNode numbers = json.putObject("label2id");
      for (int i = 0; i < labels.size(); i++) {
        names.put(Integer.toString(i), labels.get(i));
        numbers.put(labels.get(i), i);
      }
    }
    if (head == Head.SCORE) {
      sequenceEncoder.write(target);
      if (!architecture.isEncoder()) {
        json.put("pad_token_id", padId());
      }
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
    chatTemplates.save(target);
    WeightSaver.save(weights, target, form);
  }

  private void save(Adapter adapter, Path target) {
    adapter.save(
        target,
        source().toAbsolutePath().normalize().toString(),
        head == Head.SCORE
            ? "SEQ_CLS"
            : architecture.decoderStart().isPresent() ? "SEQ_2_SEQ_LM" : "CAUSAL_LM");
    if (head == Head.SCORE) {
      sequenceEncoder.write(target);
    }
    if (tokenizer != null) {
      tokenizer.save(target);
    }
    chatTemplates.save(target);
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
    if (adapters != null) {
      adapters.close();
    }
    weights.close();
    if (ownsTokenizer && tokenizer != null) {
      tokenizer.close();
    }
  }
}
