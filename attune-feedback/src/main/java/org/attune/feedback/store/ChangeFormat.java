package org.attune.feedback.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.attune.feedback.change.Change;
import org.attune.feedback.record.RecordFormat;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.settings.PlainMap;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/** Changes as lines of JSON: {@code {"seq":7,"op":"response","record_id":…,"response":{…}}}. */
final class ChangeFormat {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final TypeReference<Map<String, @Nullable Object>> MAP = new TypeReference<>() {};

  private final RecordFormat records;

  ChangeFormat(FeedbackSettings settings) {
    this.records = new RecordFormat(settings);
  }

  /** A line without its end. */
  byte[] write(long sequence, Change change) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("seq", sequence);
    if (change instanceof Change.RecordAdded added) {
      line.put("op", "record");
      line.put("record", records.write(added.record()));
    } else if (change instanceof Change.ResponseGiven given) {
      line.put("op", "response");
      line.put("record_id", given.recordId());
      line.put("response", records.write(given.response()));
    } else if (change instanceof Change.SuggestionGiven given) {
      line.put("op", "suggestion");
      line.put("record_id", given.recordId());
      line.put("suggestion", records.write(given.suggestion()));
    } else {
      line.put("op", "delete");
      line.put("record_id", change.recordId());
    }
    try {
      return JSON.writeValueAsBytes(line);
    } catch (JsonProcessingException e) {
      throw new FeedbackStoreException(
          "Record \"%s\" cannot be written as JSON: %s. Use texts, numbers and lists of them."
              .formatted(change.recordId(), e.getOriginalMessage()),
          e);
    }
  }

  /** The keys of a line. */
  static Map<String, @Nullable Object> parse(byte[] line) throws IOException {
    return JSON.readValue(line, MAP);
  }

  /** The change in a line; none if a person blanked the line with {@code "op":"removed"}. */
  Optional<Change> read(Map<String, @Nullable Object> line) {
    Problems problems = Problems.none();
    PlainMap map = PlainMap.of("line", line, problems);
    String operation = map.text("op");
    Change change = null;
    switch (operation) {
      case "record" ->
          change = new Change.RecordAdded(records.readRecord(map.get("record"), problems));
      case "response" ->
          change =
              new Change.ResponseGiven(
                  map.text("record_id"), records.readResponse(map.get("response"), problems));
      case "suggestion" ->
          change =
              new Change.SuggestionGiven(
                  map.text("record_id"), records.readSuggestion(map.get("suggestion"), problems));
      case "delete" -> change = new Change.RecordDeleted(map.text("record_id"));
      case "removed" -> {}
      default ->
          problems.add(
              "op",
              "must be record, response, suggestion, delete or removed",
              operation,
              "A newer version may have written it.");
    }
    problems.throwIfAny("the line");
    return Optional.ofNullable(change);
  }
}
