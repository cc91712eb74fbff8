package org.attune.run.folder;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** One event as one line of JSON: sequence and time, then the event's own fields. */
final class EventLines {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private EventLines() {}

  static String write(LoggedEvent logged) {
    ObjectNode line = JSON.createObjectNode();
    line.put("sequence", logged.sequence());
    line.put("time", logged.time().toString());
    line.setAll((ObjectNode) JSON.valueToTree(logged.event()));
    return line.toString();
  }

  static LoggedEvent read(String line) throws JsonProcessingException {
    ObjectNode fields = JSON.readValue(line, ObjectNode.class);
    long sequence = fields.path("sequence").asLong();
    Instant time = Instant.parse(fields.path("time").asText());
    fields.remove("sequence");
    fields.remove("time");
    return new LoggedEvent(sequence, time, JSON.treeToValue(fields, Event.class));
  }
}
