package org.attune.model.tokenizer.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * The tokens put around a text, and around the two of a pair.
 *
 * @param before what stands before a text
 * @param behind what stands behind a text, also behind each one of a pair
 * @param beforeSecond what stands before the second text of a pair
 * @param secondType the type id of all that belongs to the second text
 */
record Surroundings(
    List<String> before, List<String> behind, List<String> beforeSecond, int secondType) {
  static final Surroundings NONE = new Surroundings(List.of(), List.of(), List.of(), 1);

  Surroundings {
    before = List.copyOf(before);
    behind = List.copyOf(behind);
    beforeSecond = List.copyOf(beforeSecond);
  }

  /** The same tokens around each text of a pair, as decoders have them. */
  static Surroundings each(List<String> before, List<String> behind) {
    return new Surroundings(before, behind, before, 1);
  }

  /** The post-processor of {@code tokenizer.json}; null if nothing is put around a text. */
  JsonNode toJson(Map<String, Integer> ids) {
    if (before.isEmpty() && behind.isEmpty()) {
      return NullNode.instance;
    }
    ObjectNode processor = TokenizerParts.part("TemplateProcessing");
    ArrayNode single = processor.putArray("single");
    text(single, before, "A", 0);
    ArrayNode pair = processor.putArray("pair");
    text(pair, before, "A", 0);
    text(pair, beforeSecond, "B", secondType);
    ObjectNode special = processor.putObject("special_tokens");
    for (List<String> tokens : List.of(before, behind, beforeSecond)) {
      for (String token : tokens) {
        ObjectNode entry = special.putObject(token).put("id", token);
        entry.putArray("ids").add(ids.get(token));
        entry.putArray("tokens").add(token);
      }
    }
    return processor;
  }

  private void text(ArrayNode pieces, List<String> start, String sequence, int type) {
    start.forEach(token -> piece(pieces, "SpecialToken", token, type));
    piece(pieces, "Sequence", sequence, type);
    behind.forEach(token -> piece(pieces, "SpecialToken", token, type));
  }

  private static void piece(ArrayNode pieces, String kind, String id, int type) {
    pieces.addObject().putObject(kind).put("id", id).put("type_id", type);
  }
}
