package org.attune.model.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.gguf.GgufWriter;
import org.attune.model.tokenizer.GgufTokenizer;
import org.attune.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/** Writes a {@code tokenizer.json} as the vocabulary of a GGUF file. */
final class VocabularyExport {
  private static final String PREFIX = "tokenizer.ggml.";

  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int UNUSED = 5;
  private static final int BYTE = 6;

  private final Path source;
  private final Tokenizer tokenizer;
  private final ObjectNode json;
  private final JsonNode model;
  private final @Nullable String[] tokens;
  private final int[] kinds;

  /**
   * A vocabulary to write.
   *
   * @param source named in errors
   * @param places the tokens that the model has places for; those without a token are filled up
   */
  VocabularyExport(Path source, Tokenizer tokenizer, int places) {
    this.source = source;
    this.tokenizer = tokenizer;
    byte[] content =
        tokenizer
            .file("tokenizer.json")
            .orElseThrow(() -> unwritable("it was not made from a tokenizer.json"));
    json = ConfigJson.parse(source.resolve("tokenizer.json"), content).toJson();
    model = json.path("model");
    int size = Math.max(places, tokenizer.vocabularySize());
    tokens = new String[size];
    kinds = new int[size];
  }

  void put(GgufWriter writer) {
    boolean isByteLevel = hasPart("decoder", "ByteLevel");
    boolean hasByteTokens = model.path("byte_fallback").asBoolean(false);
    if (!model.path("type").asText("").equals("BPE") || isByteLevel == hasByteTokens) {
      throw unwritable(
          "its model is %s, and GGUF files of language models have byte pairs, byte-level or with byte tokens"
              .formatted(model.path("type").asText("unknown")));
    }
    collect();
    if (isByteLevel) {
      writer.text(PREFIX + "model", "gpt2");
      writer.text(PREFIX + "pre", splitName());
    } else {
      writer.text(PREFIX + "model", "llama");
      writer.text(PREFIX + "pre", "default");
    }
    writer.texts(PREFIX + "tokens", tokens());
    if (isByteLevel) {
      writer.texts(
          PREFIX + "merges", merges().stream().map(pair -> String.join(" ", pair)).toList());
    } else {
      writer.numbers(PREFIX + "scores", scores());
      writer.flag(PREFIX + "add_space_prefix", addsSpace());
    }
    writer.counts(PREFIX + "token_type", kinds);
    put("bos_token_id", tokenizer.bosId(), writer);
    put("eos_token_id", tokenizer.eosId(), writer);
    put("unknown_token_id", tokenizer.unkId(), writer);
    put("padding_token_id", tokenizer.padId(), writer);
    writer.flag(PREFIX + "add_bos_token", surrounds(tokenizer.bosId(), 0));
    writer.flag(PREFIX + "add_eos_token", surrounds(tokenizer.eosId(), -1));
    chatTemplate().ifPresent(template -> writer.text("tokenizer.chat_template", template));
  }

  private void collect() {
    model
        .path("vocab")
        .properties()
        .forEach(
            entry -> {
              int id = entry.getValue().asInt();
              tokens[id] = entry.getKey();
              kinds[id] = entry.getKey().matches("<0x[0-9A-F]{2}>") ? BYTE : NORMAL;
            });
    for (JsonNode added : json.path("added_tokens")) {
      int id = added.path("id").asInt();
      tokens[id] = added.path("content").asText();
      kinds[id] = added.path("special").asBoolean() ? CONTROL : USER_DEFINED;
    }
    tokenizer.unkId().ifPresent(id -> kinds[id] = UNKNOWN);
    for (int id = 0; id < tokens.length; id++) {
      if (tokens[id] == null) {
        tokens[id] = "[PAD%d]".formatted(id);
        kinds[id] = UNUSED;
      }
    }
  }

  private List<String> tokens() {
    List<String> all = new ArrayList<>();
    for (String token : tokens) {
      all.add(String.valueOf(token));
    }
    return all;
  }

  private List<List<String>> merges() {
    List<List<String>> merges = new ArrayList<>();
    for (JsonNode merge : model.path("merges")) {
      // older files have one string for the pair
      merges.add(
          merge.isArray()
              ? List.of(merge.path(0).asText(), merge.path(1).asText())
              : Arrays.asList(merge.asText().split(" ", 2)));
    }
    return merges;
  }

  /** llama.cpp joins the pair whose token has the highest score: the one that merges first. */
  private float[] scores() {
    Map<String, Integer> ranks = new HashMap<>();
    List<List<String>> merges = merges();
    for (int i = 0; i < merges.size(); i++) {
      ranks.putIfAbsent(String.join("", merges.get(i)), i);
    }
    float[] scores = new float[tokens.length];
    for (int id = 0; id < tokens.length; id++) {
      scores[id] = kinds[id] == NORMAL ? -ranks.getOrDefault(tokens[id], merges.size() + id) : 0;
    }
    return scores;
  }

  private boolean addsSpace() {
    for (JsonNode part : parts("normalizer", "normalizers")) {
      if (part.path("type").asText("").equals("Prepend")) {
        return true;
      }
    }
    for (JsonNode part : parts("pre_tokenizer", "pretokenizers")) {
      if (part.path("type").asText("").equals("Metaspace")) {
        return !part.path("prepend_scheme").asText("always").equals("never");
      }
    }
    return false;
  }

  private String splitName() {
    return GgufTokenizer.splitName(json)
        .orElseThrow(
            () ->
                unwritable(
                    "llama.cpp has no name for how it splits texts: normalizer %s, pre_tokenizer %s"
                        .formatted(json.path("normalizer"), json.path("pre_tokenizer"))));
  }

  private boolean surrounds(OptionalInt id, int place) {
    int[] ids = tokenizer.encode("a");
    return id.isPresent()
        && ids.length > 1
        && ids[place < 0 ? ids.length - 1 : place] == id.getAsInt();
  }

  private Optional<String> chatTemplate() {
    Optional<byte[]> template = tokenizer.file("chat_template.jinja");
    if (template.isPresent()) {
      return template.map(content -> new String(content, StandardCharsets.UTF_8));
    }
    return tokenizer
        .file("tokenizer_config.json")
        .map(content -> ConfigJson.parse(source.resolve("tokenizer_config.json"), content))
        .filter(config -> config.toJson().path("chat_template").isTextual())
        .map(config -> config.text("chat_template"));
  }

  private boolean hasPart(String key, String type) {
    return parts(key, key + "s").stream()
        .anyMatch(part -> part.path("type").asText("").equals(type));
  }

  private List<JsonNode> parts(String key, String list) {
    JsonNode whole = json.path(key);
    List<JsonNode> parts = new ArrayList<>();
    parts.add(whole);
    whole.path(list).forEach(parts::add);
    return parts;
  }

  private static void put(String key, OptionalInt id, GgufWriter writer) {
    id.ifPresent(value -> writer.count(PREFIX + key, value));
  }

  private CheckpointException unwritable(String problem) {
    return new CheckpointException(
        "The tokenizer of %s cannot be written as GGUF: %s. Export to a folder instead."
            .formatted(source, problem));
  }
}
