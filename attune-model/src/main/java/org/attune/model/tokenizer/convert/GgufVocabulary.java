package org.attune.model.tokenizer.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The tokens of a GGUF file with their kinds and roles. */
final class GgufVocabulary {
  /** The kinds of tokens, as {@code tokenizer.ggml.token_type} numbers them. */
  enum Kind {
    UNDEFINED,
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE
  }

  /** By the numbers of the file. */
  private static final List<Kind> KINDS = List.of(Kind.values());

  private static final int NORMAL = 1;

  /** No token that a model has learned is longer, and merges are looked for in each. */
  static final int MAX_LENGTH = 1024;

  private final List<String> tokens;
  private final Kind[] kinds;
  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final OptionalInt bos;
  private final OptionalInt eos;
  private final OptionalInt unknown;
  private final OptionalInt pad;

  GgufVocabulary(GgufMetadata metadata) {
    tokens = metadata.texts("tokens");
    if (tokens.isEmpty()) {
      throw metadata.damaged("tokenizer.ggml.tokens is empty");
    }
    kinds = kinds(metadata, tokens.size());
    for (int id = 0; id < tokens.size(); id++) {
      // llama.cpp spells it so, too: a vocabulary cannot hold the empty token
      if (tokens.get(id).isEmpty()) {
        tokens.set(id, "[EMPTY_%d]".formatted(id));
      }
      if (tokens.get(id).length() > MAX_LENGTH) {
        throw metadata.damaged(
            "token %d is %,d characters long, but %,d is the most"
                .formatted(id, tokens.get(id).length(), MAX_LENGTH));
      }
    }
    bos = metadata.id("bos_token_id", tokens.size());
    eos = metadata.id("eos_token_id", tokens.size());
    unknown = metadata.id("unknown_token_id", tokens.size());
    pad = metadata.id("padding_token_id", tokens.size());
    respell(metadata, List.copyOf(tokens));
  }

  private static Kind[] kinds(GgufMetadata metadata, int count) {
    Kind[] kinds = new Kind[count];
    double[] types = metadata.has("token_type") ? metadata.numbers("token_type", count) : null;
    for (int id = 0; id < count; id++) {
      int type = types == null ? NORMAL : (int) types[id];
      if (type < 0 || type >= KINDS.size()) {
        throw metadata.damaged(
            "tokenizer.ggml.token_type of token %d must be in 0 to 6 but was %d"
                .formatted(id, type));
      }
      kinds[id] = KINDS.get(type);
    }
    return kinds;
  }

  /** Replaces the spelling of all tokens. */
  void respell(GgufMetadata metadata, List<String> spellings) {
    ids.clear();
    for (int id = 0; id < spellings.size(); id++) {
      tokens.set(id, spellings.get(id));
      Integer other = ids.put(spellings.get(id), id);
      if (other != null) {
        throw metadata.damaged(
            "tokens %d and %d are both \"%s\"".formatted(other, id, spellings.get(id)));
      }
    }
  }

  int size() {
    return tokens.size();
  }

  List<String> tokens() {
    return new ArrayList<>(tokens);
  }

  String token(int id) {
    return tokens.get(id);
  }

  Kind kind(int id) {
    return kinds[id];
  }

  Map<String, Integer> ids() {
    return ids;
  }

  OptionalInt bos() {
    return bos;
  }

  OptionalInt eos() {
    return eos;
  }

  OptionalInt unknown() {
    return unknown;
  }

  OptionalInt pad() {
    return pad;
  }

  @Nullable String spelling(OptionalInt id) {
    return id.isPresent() ? tokens.get(id.getAsInt()) : null;
  }
}
