package org.attune.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.tokenizer.convert.GgufConversion;

/**
 * The tokenizer that the metadata of a GGUF file describes.
 *
 * <p>Byte-level pairs ({@code gpt2}), SentencePiece pairs ({@code llama}), Unigram ({@code t5}) and
 * WordPiece ({@code bert}) are known. Values may be what a reader of GGUF gives: strings, numbers,
 * booleans, and lists or arrays of them.
 */
public final class GgufTokenizer {
  private GgufTokenizer() {}

  /**
   * The content of {@code tokenizer.json} and {@code tokenizer_config.json}, by name.
   *
   * @param file the GGUF file, named in errors
   * @param metadata its key-value pairs, {@code tokenizer.ggml.model} and so on
   * @throws CheckpointException if a value is missing, has the wrong type, or means nothing here
   */
  public static Map<String, byte[]> files(Path file, Map<String, ?> metadata) {
    return GgufConversion.files(file, metadata);
  }

  /**
   * Loads the tokenizer, to be used and saved as any other.
   *
   * @throws CheckpointException as {@link #files}
   */
  public static Tokenizer load(Path file, Map<String, ?> metadata) {
    return Tokenizer.of(file, files(file, metadata));
  }

  /**
   * The {@code tokenizer.ggml.pre} of a byte-level {@code tokenizer.json}; none if llama.cpp has no
   * name for how it splits texts.
   */
  public static Optional<String> splitName(JsonNode tokenizer) {
    return GgufConversion.splitName(tokenizer);
  }
}
