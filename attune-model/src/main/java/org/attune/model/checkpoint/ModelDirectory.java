package org.attune.model.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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

  private ModelDirectory(Path path, ConfigJson config, Optional<ConfigJson> generationConfig) {
    this.path = path;
    this.config = config;
    this.generationConfig = generationConfig;
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
    return new ModelDirectory(path, config, generation);
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

  /** Whether there is a {@code tokenizer.json}. */
  public boolean hasTokenizer() {
    return Files.exists(path.resolve("tokenizer.json"));
  }

  /**
   * Opens the weights; the caller closes them.
   *
   * @throws CheckpointException as {@link SavedWeights#open}
   */
  public SavedWeights openWeights() {
    return SavedWeights.open(path);
  }
}
