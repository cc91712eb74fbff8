package org.attune.model.tokenizer.convert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.attune.model.checkpoint.ConfigJson;

/** Adds tokens to the files of a tokenizer. */
public final class TokenAddition {
  private static final String JSON = "tokenizer.json";
  private static final String CONFIG = "tokenizer_config.json";

  private TokenAddition() {}

  /**
   * The files with more tokens.
   *
   * @param files with a {@code tokenizer.json}
   * @param tokens by id
   * @param roles the tokens of roles such as {@code pad_token} that are to be declared
   */
  public static Map<String, byte[]> added(
      Path directory,
      Map<String, byte[]> files,
      Map<Integer, AddedToken> tokens,
      Map<String, String> roles) {
    Map<String, byte[]> changed = new LinkedHashMap<>(files);
    ObjectNode json = read(directory, files, JSON);
    json.set("added_tokens", extended(json, tokens));
    changed.put(JSON, TokenizerJson.bytes(json));
    ObjectNode config = read(directory, files, CONFIG);
    roles.forEach(config::put);
    if (config.get("added_tokens_decoder") instanceof ObjectNode decoder) {
      tokens.forEach(
          (id, token) -> decoder.set(Integer.toString(id), token.toJson(id).without("id")));
    }
    if (!config.isEmpty()) {
      changed.put(CONFIG, TokenizerJson.bytes(config));
    }
    return changed;
  }

  /** The list without the entries that new ones replace. */
  private static ArrayNode extended(ObjectNode json, Map<Integer, AddedToken> tokens) {
    Set<Integer> replaced = new HashSet<>(tokens.keySet());
    ArrayNode list = json.arrayNode();
    json.path("added_tokens")
        .forEach(
            entry -> {
              if (!replaced.contains(entry.path("id").asInt())) {
                list.add(entry);
              }
            });
    tokens.forEach((id, token) -> list.add(token.toJson(id)));
    return list;
  }

  private static ObjectNode read(Path directory, Map<String, byte[]> files, String name) {
    byte[] content = files.getOrDefault(name, new byte[] {'{', '}'});
    return ConfigJson.parse(directory.resolve(name), content).toJson();
  }
}
