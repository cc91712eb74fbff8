package org.attune.model.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.checkpoint.ModelDirectory;

/** A GGUF file as if it were a model's directory. */
public final class GgufModel {
  /** The tokens of a file's vocabulary. */
  static final String TOKENS = "tokenizer.ggml.tokens";

  private GgufModel() {}

  /**
   * Reads what a file says of its model. Weights are opened by {@link ModelDirectory#openWeights}.
   *
   * @throws CheckpointException if the file is damaged, of a family that is not known, or says
   *     something that is not understood
   */
  public static ModelDirectory open(Path path) {
    try (GgufFile file = GgufFile.open(path)) {
      return ModelDirectory.of(
          path, config(file), file.metadata().containsKey(TOKENS), () -> GgufWeights.open(path));
    }
  }

  /** What {@code config.json} would say. */
  static ConfigJson config(GgufFile file) {
    Map<String, GgufTensor> tensors = file.tensors();
    GgufMetadata metadata = new GgufMetadata(file.path(), file.metadata());
    GgufFamily family = GgufFamilies.of(metadata, tensors);
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.put("model_type", family.modelType());
    for (Setting setting : family.settings()) {
      String key = family.architecture() + "." + setting.key();
      switch (setting.kind()) {
        case COUNT -> metadata.integer(key).ifPresent(value -> config.put(setting.config(), value));
        case NUMBER -> metadata.number(key).ifPresent(value -> config.put(setting.config(), value));
      }
    }
    GgufTensor embedding = tensors.get("token_embd.weight");
    if (embedding == null) {
      throw new CheckpointException(
          "%s has no tensor token_embd.weight, so it holds no language model. Give a file that does."
              .formatted(file.path()));
    }
    config.put("vocab_size", embedding.rows());
    specialToken("bos_token_id", metadata, "bos_token_id", config);
    endTokens(metadata, config);
    specialToken("pad_token_id", metadata, "padding_token_id", config);
    family.rest().addTo(config, metadata, tensors);
    FrequencyTensors.addTo(config, file);
    return ConfigJson.parse(file.path(), config.toString().getBytes(UTF_8));
  }

  private static void specialToken(
      String key, GgufMetadata metadata, String stored, ObjectNode config) {
    metadata.integer("tokenizer.ggml." + stored).ifPresent(id -> config.put(key, id));
  }

  /** A chat model may end its turn with another token than a text. */
  private static void endTokens(GgufMetadata metadata, ObjectNode config) {
    specialToken("eos_token_id", metadata, "eos_token_id", config);
    metadata
        .integer("tokenizer.ggml.eot_token_id")
        .filter(turn -> config.path("eos_token_id").asInt(turn) != turn)
        .ifPresent(
            turn -> {
              ArrayNode both = config.arrayNode().add(config.get("eos_token_id")).add(turn);
              config.set("eos_token_id", both);
            });
  }
}
