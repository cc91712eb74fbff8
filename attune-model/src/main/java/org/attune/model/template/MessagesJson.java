package org.attune.model.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;

/** Messages and descriptions of tools as JSON: a list of objects. */
public final class MessagesJson {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final TypeReference<List<Map<String, Object>>> OBJECTS = new TypeReference<>() {};

  private MessagesJson() {}

  /**
   * Reads a list of objects.
   *
   * @param where the text comes from, such as a file's name
   * @throws TemplateException if it is something else
   */
  public static List<Map<String, Object>> read(String json, String where) {
    try {
      JsonNode node = JSON.readTree(json);
      for (JsonNode each : node.isArray() ? node : JSON.createArrayNode().addNull()) {
        if (!each.isObject()) {
          throw TemplateException.of(
              "%s must hold a JSON list of objects, such as [{\"role\": \"user\", \"content\": \"Hi\"}]."
                  .formatted(where));
        }
      }
      return JSON.convertValue(node, OBJECTS);
    } catch (JsonProcessingException e) {
      throw TemplateException.of(
          "%s is not valid JSON at line %d, column %d: %s."
              .formatted(
                  where,
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  e.getOriginalMessage()));
    }
  }
}
