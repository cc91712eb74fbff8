package org.attune.model.tokenizer.convert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** A {@code tokenizer.json} that is put together part by part; parts not set stay empty. */
final class TokenizerJson {
  private final ObjectNode model;
  private final Map<Integer, ObjectNode> addedTokens = new TreeMap<>();
  private JsonNode normalizer = NullNode.instance;
  private JsonNode preTokenizer = NullNode.instance;
  private JsonNode postProcessor = NullNode.instance;
  private JsonNode decoder = NullNode.instance;

  TokenizerJson(ObjectNode model) {
    this.model = model;
  }

  TokenizerJson normalizer(JsonNode part) {
    normalizer = part;
    return this;
  }

  TokenizerJson preTokenizer(JsonNode part) {
    preTokenizer = part;
    return this;
  }

  TokenizerJson postProcessor(JsonNode part) {
    postProcessor = part;
    return this;
  }

  TokenizerJson decoder(JsonNode part) {
    decoder = part;
    return this;
  }

  /** Adds a token or replaces what was said of the same id. */
  TokenizerJson add(AddedToken token, int id) {
    addedTokens.put(id, token.toJson(id));
    return this;
  }

  TokenizerJson add(Map<Integer, AddedToken> tokens) {
    tokens.forEach((id, token) -> add(token, id));
    return this;
  }

  byte[] toBytes() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    root.putArray("added_tokens").addAll(addedTokens.values());
    root.set("normalizer", normalizer);
    root.set("pre_tokenizer", preTokenizer);
    root.set("post_processor", postProcessor);
    root.set("decoder", decoder);
    root.set("model", model);
    return bytes(root);
  }

  static byte[] bytes(ObjectNode json) {
    try {
      return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
