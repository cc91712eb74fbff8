package org.attune.model.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/** JSON of a golden as rows have it. */
final class PlainJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PlainJson() {}

  @SuppressWarnings("unchecked") // a JSON object
  static Map<String, Object> object(JsonNode node) {
    return JSON.convertValue(node, Map.class);
  }

  @SuppressWarnings("unchecked") // a JSON array of objects
  static List<Map<String, Object>> objects(JsonNode node) {
    return JSON.convertValue(node, List.class);
  }

  @SuppressWarnings("unchecked") // a JSON array of integers
  static List<Integer> integers(JsonNode node) {
    return JSON.convertValue(node, List.class);
  }
}
