package org.attune.model.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.attune.data.hub.HubLocation;

/**
 * A model as Hugging Face stores it: a directory with {@code config.json}, weights in safetensors
 * files, and usually a tokenizer and {@code generation_config.json}.
 */
public final class ModelDirectory {
  private static final String CONFIG = "config.json";
  private static final String GENERATION_CONFIG = "generation_config.json";

  private final Path path;
  private final ConfigJson config;
  private final Optional<ConfigJson> generationConfig;
  private final GenerationDefaults generationDefaults;
  private final boolean hasTokenizer;
  private final Supplier<StoredTensors> weights;

  private ModelDirectory(
      Path path,
      ConfigJson config,
      Optional<ConfigJson> generationConfig,
      boolean hasTokenizer,
      Supplier<StoredTensors> weights) {
    this.path = path;
    this.config = config;
    this.generationConfig = generationConfig;
    this.hasTokenizer = hasTokenizer;
    this.weights = weights;
    generationDefaults = GenerationDefaults.of(generationConfig.orElse(config), config);
  }

  /**
   * Reads the configuration of a model. Weights are opened by {@link #openWeights}.
   *
   * @throws CheckpointException if the path is no directory, or its configuration is missing or
   *     damaged
   */
  public static ModelDirectory open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new CheckpointException(
          Files.exists(path)
              ? "%s is a file. A model is a directory with config.json and model.safetensors; give that."
                  .formatted(path)
              : "%s does not exist. Give the directory of a model, with config.json and model.safetensors.%s"
                  .formatted(path, HubLocation.hint(path)));
    }
    if (!Files.exists(path.resolve(CONFIG))) {
      throw new CheckpointException(
          "%s is no model directory: it has no config.json. %s"
              .formatted(
                  path,
                  Files.exists(path.resolve("adapter_config.json"))
                      ? "It holds an adapter; give the directory of the model that it adapts."
                      : "Give the directory that was saved with the model."));
    }
    ConfigJson config = ConfigJson.read(path.resolve(CONFIG));
    Path file = path.resolve(GENERATION_CONFIG);
    Optional<ConfigJson> generation =
        Files.exists(file) ? Optional.of(ConfigJson.read(file)) : Optional.empty();
    return new ModelDirectory(
        path,
        config,
        generation,
        Stream.of("tokenizer.json", "tokenizer.model", "spiece.model", "merges.txt", "vocab.txt")
            .anyMatch(name -> Files.exists(path.resolve(name))),
        () -> SavedWeights.open(path));
  }

  /**
   * A model that is stored in another form, as if it were a directory.
   *
   * @param config what {@code config.json} would say
   * @param weights opens the weights
   */
  public static ModelDirectory of(
      Path path, ConfigJson config, boolean hasTokenizer, Supplier<StoredTensors> weights) {
    return new ModelDirectory(path, config, Optional.empty(), hasTokenizer, weights);
  }

  public Path path() {
    return path;
  }

  /** The content of {@code config.json}. */
  public ConfigJson config() {
    return config;
  }

  /** The content of {@code generation_config.json}, if there is one. */
  public Optional<ConfigJson> generationConfig() {
    return generationConfig;
  }

  /** What the directory says of generation. */
  public GenerationDefaults generationDefaults() {
    return generationDefaults;
  }

  /** Whether there is a tokenizer, or what one is made of, beside the weights. */
  public boolean hasTokenizer() {
    return hasTokenizer;
  }

  /**
   * Opens the weights; the caller closes them.
   *
   * @throws CheckpointException as {@link SavedWeights#open}
   */
  public StoredTensors openWeights() {
    return weights.get();
  }

  /**
   * The names of the tensors that are stored.
   *
   * @throws CheckpointException as {@link SavedWeights#open}
   */
  public Set<String> weightNames() {
    try (StoredTensors tensors = openWeights()) {
      return Set.copyOf(tensors.names());
    }
  }
}
