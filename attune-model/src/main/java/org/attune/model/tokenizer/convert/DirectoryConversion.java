package org.attune.model.tokenizer.convert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attune.model.checkpoint.CheckpointException;

/** The tokenizer of a model directory that has no {@code tokenizer.json}. */
public final class DirectoryConversion {
  private static final List<String> SENTENCE_PIECE = List.of("tokenizer.model", "spiece.model");

  private DirectoryConversion() {}

  /**
   * The files with a {@code tokenizer.json}, and a {@code tokenizer_config.json} that says what the
   * original one leaves to the class it names: a SentencePiece model first, then {@code vocab.json}
   * with {@code merges.txt}, then {@code vocab.txt}.
   *
   * @param directory named in errors
   * @param files the content of the tokenizer's files and of {@code config.json}, by name
   * @return empty if there is none of these
   * @throws CheckpointException if a file is damaged, they do not fit each other, or the class of
   *     the tokenizer is not known
   */
  public static Optional<Map<String, byte[]>> converted(Path directory, Map<String, byte[]> files) {
    DeclaredTokens declared = new DeclaredTokens(directory, files);
    return conversion(directory, files, declared)
        .map(
            conversion -> {
              Map<String, byte[]> converted = new LinkedHashMap<>(files);
              converted.remove("config.json");
              converted.put("tokenizer.json", conversion.json().toBytes());
              converted.put(
                  "tokenizer_config.json", TokenizerJson.bytes(config(declared, conversion)));
              return converted;
            });
  }

  private static Optional<Conversion> conversion(
      Path directory, Map<String, byte[]> files, DeclaredTokens declared) {
    for (String name : SENTENCE_PIECE) {
      byte[] model = files.get(name);
      if (model != null) {
        return Optional.of(SentencePieceConversion.of(directory.resolve(name), model, declared));
      }
    }
    byte[] pairs = files.get("vocab.json");
    byte[] merges = files.get("merges.txt");
    if (pairs != null && merges != null) {
      return Optional.of(BytePairFiles.conversion(directory, pairs, merges, declared));
    }
    byte[] words = files.get("vocab.txt");
    return words == null
        ? Optional.empty()
        : Optional.of(WordPieceFiles.conversion(words, declared));
  }

  /** The class that takes tokenizer.json as it is, whichever version of transformers reads it. */
  private static ObjectNode config(DeclaredTokens declared, Conversion conversion) {
    ObjectNode config = declared.config();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    if (!config.has("clean_up_tokenization_spaces")) {
      config.put("clean_up_tokenization_spaces", false);
    }
    conversion
        .roles()
        .forEach(
            (role, token) -> {
              if (declared.role(role) == null) {
                config.put(role, token);
              }
            });
    return config;
  }
}
