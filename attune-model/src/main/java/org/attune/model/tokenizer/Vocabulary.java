package org.attune.model.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.tokenizer.convert.CharsMap;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a {@code tokenizer.json}. Read as a stream: the merges, most of the file, are
 * skipped.
 */
final class Vocabulary {
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<@Nullable String> tokens = new ArrayList<>();
  private final BitSet special = new BitSet();

  private Vocabulary() {}

  static Vocabulary read(Path file, byte[] tokenizerJson) {
    Vocabulary vocabulary = new Vocabulary();
    try (JsonParser json = new JsonFactory().createParser(tokenizerJson)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw damaged(file, "it holds no JSON object", null);
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        json.nextToken();
        switch (key) {
          case "added_tokens" -> vocabulary.readAddedTokens(json);
          case "model" -> vocabulary.readModel(json);
          case "normalizer" -> checkNormalizer(file, json);
          default -> json.skipChildren();
        }
      }
    } catch (JsonProcessingException e) {
      throw damaged(
          file,
          "line %d, column %d: %s"
              .formatted(
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw damaged(file, String.valueOf(e.getMessage()), e);
    }
    if (vocabulary.ids.isEmpty()) {
      throw damaged(file, "it holds no vocabulary", null);
    }
    return vocabulary;
  }

  static CheckpointException damaged(Path file, String problem, @Nullable Throwable cause) {
    String message =
        "%s is no tokenizer: %s. Copy the file again from where the model came from."
            .formatted(file, problem);
    return cause == null
        ? new CheckpointException(message)
        : new CheckpointException(message, cause);
  }

  int size() {
    return tokens.size();
  }

  OptionalInt idOf(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Nullable String tokenOf(int id) {
    return id >= 0 && id < tokens.size() ? tokens.get(id) : null;
  }

  boolean isSpecial(int id) {
    return id >= 0 && special.get(id);
  }

  /** The library ends the process over a damaged map of characters, wherever it stands. */
  private static void checkNormalizer(Path file, JsonParser json) throws IOException {
    int depth = 0;
    do {
      JsonToken token = json.currentToken();
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (token == JsonToken.VALUE_STRING && "precompiled_charsmap".equals(json.currentName())) {
        CharsMap.problem(json.getBinaryValue())
            .ifPresent(
                problem -> {
                  throw damaged(file, problem, null);
                });
      }
    } while (depth > 0 && json.nextToken() != null);
  }

  private void readModel(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      if (key.equals("vocab") && value == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          add(json.currentName(), json.nextIntValue(-1));
        }
      } else if (key.equals("vocab") && value == JsonToken.START_ARRAY) {
        readScoredTokens(json);
      } else {
        json.skipChildren();
      }
    }
  }

  /** The vocabulary of a Unigram model: pairs of token and score, ids by position. */
  private void readScoredTokens(JsonParser json) throws IOException {
    for (int id = 0; json.nextToken() == JsonToken.START_ARRAY; id++) {
      add(json.nextTextValue(), id);
      while (json.nextToken() != JsonToken.END_ARRAY) {
        json.skipChildren();
      }
    }
  }

  private void readAddedTokens(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.START_OBJECT) {
      int id = -1;
      String content = null;
      boolean isSpecial = false;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        json.nextToken();
        switch (key) {
          case "id" -> id = json.getValueAsInt(-1);
          case "content" -> content = json.getText();
          case "special" -> isSpecial = json.getBooleanValue();
          default -> json.skipChildren();
        }
      }
      add(content, id);
      if (isSpecial && id >= 0) {
        special.set(id);
      }
    }
  }

  private void add(@Nullable String token, int id) {
    if (token == null || id < 0) {
      return;
    }
    ids.put(token, id);
    while (tokens.size() <= id) {
      tokens.add(null);
    }
    tokens.set(id, token);
  }
}
