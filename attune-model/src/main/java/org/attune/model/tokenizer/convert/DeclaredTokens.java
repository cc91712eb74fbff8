package org.attune.model.tokenizer.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * What the files beside a vocabulary say: {@code tokenizer_config.json}, {@code
 * special_tokens_map.json}, {@code added_tokens.json} and {@code config.json}, as transformers 4
 * and 5 write them.
 */
final class DeclaredTokens {
  private static final String CONFIG = "tokenizer_config.json";
  private static final String ADDED = "added_tokens.json";
  private static final String DECODER = "added_tokens_decoder";
  private static final List<String> ROLES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  /** Lists of further special tokens; transformers 5 renamed it. */
  private static final List<String> FURTHER =
      List.of("additional_special_tokens", "extra_special_tokens");

  private final Path directory;
  private final Map<String, byte[]> files;
  private final ObjectNode config;
  private final ObjectNode specialTokens;

  DeclaredTokens(Path directory, Map<String, byte[]> files) {
    this.directory = directory;
    this.files = files;
    config = json(CONFIG);
    specialTokens = json("special_tokens_map.json");
  }

  private ObjectNode json(String name) {
    byte[] content = files.get(name);
    return content == null
        ? JsonNodeFactory.instance.objectNode()
        : ConfigJson.parse(directory.resolve(name), content).toJson();
  }

  /** The content of {@code tokenizer_config.json}; empty if there is none. */
  ObjectNode config() {
    return config.deepCopy();
  }

  /** The tokenizer's class in transformers, without {@code Fast}; empty if nobody says. */
  String tokenizerClass() {
    return config.path("tokenizer_class").asText("").replaceFirst("Fast$", "");
  }

  /** What {@code config.json} beside the tokenizer says of the model's family; else empty. */
  String modelType() {
    return json("config.json").path("model_type").asText("");
  }

  boolean flag(String key, boolean otherwise) {
    return config.path(key).asBoolean(otherwise);
  }

  @Nullable Boolean flag(String key) {
    return config.path(key).isBoolean() ? config.path(key).booleanValue() : null;
  }

  int number(String key, int otherwise) {
    return config.path(key).asInt(otherwise);
  }

  /** The token of a role, or null. */
  @Nullable String role(String role) {
    for (ObjectNode declaration : List.of(config, specialTokens)) {
      String content = content(declaration.path(role));
      if (content != null) {
        return content;
      }
    }
    return null;
  }

  /**
   * The tokens of all roles that a vocabulary has.
   *
   * @param usual the tokens of roles that no file declares
   */
  Map<String, String> rolesIn(Map<String, Integer> ids, Map<String, String> usual) {
    Map<String, String> roles = new LinkedHashMap<>();
    for (String role : ROLES) {
      String declared = role(role);
      String token = declared == null ? usual.get(role) : declared;
      if (token != null && ids.containsKey(token)) {
        roles.put(role, token);
      }
    }
    return roles;
  }

  private static @Nullable String content(JsonNode token) {
    return token.isObject() ? token.path("content").textValue() : token.textValue();
  }

  /** The added tokens by id, in order. */
  Map<Integer, AddedToken> added() {
    Map<Integer, AddedToken> added = new TreeMap<>();
    JsonNode decoder = config.path(DECODER);
    if (!decoder.isObject()) {
      Set<String> special = special();
      for (Map.Entry<String, JsonNode> entry : json(ADDED).properties()) {
        put(
            added,
            ADDED,
            entry.getValue().asText(),
            token(entry.getKey(), special, MissingNode.getInstance()));
      }
      return added;
    }
    for (Map.Entry<String, JsonNode> entry : decoder.properties()) {
      String content = content(entry.getValue());
      if (content == null) {
        throw damaged(CONFIG, "%s.%s has no content".formatted(DECODER, entry.getKey()));
      }
      put(added, CONFIG, entry.getKey(), token(content, Set.of(), entry.getValue()));
    }
    return added;
  }

  private static AddedToken token(String content, Set<String> special, JsonNode json) {
    return new AddedToken(
        content,
        json.path("special").asBoolean(special.contains(content)),
        json.path("normalized").asBoolean(false),
        json.path("single_word").asBoolean(false),
        json.path("lstrip").asBoolean(false),
        json.path("rstrip").asBoolean(false));
  }

  private void put(Map<Integer, AddedToken> added, String file, String id, AddedToken token) {
    if (!id.matches("[0-9]{1,9}")) {
      throw damaged(
          file, "the id of \"%s\" must be a number but was %s".formatted(token.content(), id));
    }
    AddedToken other = added.put(Integer.parseInt(id), token);
    if (other != null) {
      throw damaged(
          file,
          "\"%s\" and \"%s\" have the same id %s".formatted(other.content(), token.content(), id));
    }
  }

  /** All tokens that some role or list declares special. */
  private Set<String> special() {
    List<@Nullable String> special = new ArrayList<>();
    ROLES.forEach(role -> special.add(role(role)));
    for (ObjectNode declaration : List.of(config, specialTokens)) {
      for (String key : FURTHER) {
        declaration.path(key).forEach(token -> special.add(content(token)));
      }
    }
    return new HashSet<>(special);
  }

  CheckpointException damaged(String file, String problem) {
    return new CheckpointException(
        "%s: %s. Copy the tokenizer's files again from where the model came from."
            .formatted(directory.resolve(file), problem));
  }

  /**
   * Gives the added tokens their places in a vocabulary: a token whose place an added one takes
   * goes, and one behind the end comes in.
   *
   * @return the added tokens by id
   */
  Map<Integer, AddedToken> placedIn(Map<String, Integer> ids) {
    Map<Integer, String> tokens = new HashMap<>();
    ids.forEach((token, id) -> tokens.put(id, token));
    Map<Integer, AddedToken> added = added();
    added.forEach(
        (id, token) -> {
          Integer known = ids.get(token.content());
          if (known != null && !known.equals(id)) {
            throw damaged(
                CONFIG,
                "the added token \"%s\" has the id %d, but the vocabulary gives it %d"
                    .formatted(token.content(), id, known));
          }
          if (known == null) {
            ids.remove(tokens.get(id));
            ids.put(token.content(), id);
          }
        });
    return added;
  }
}
