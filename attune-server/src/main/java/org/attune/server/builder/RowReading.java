package org.attune.server.builder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.data.Row;
import org.attune.feedback.field.MetadataProperty;
import org.attune.feedback.field.TermsMetadataProperty;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RatingQuestion;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Setting;
import org.attune.server.json.Json;
import org.jspecify.annotations.Nullable;

/** Makes records, in the JSON in which clients send them, of the rows of a file. */
final class RowReading {

  private final Map<String, ColumnUse> mapping;
  private final Map<String, Question> questions;
  private final Map<String, String> questionIds;
  private final Map<String, MetadataProperty> properties = new LinkedHashMap<>();

  RowReading(Map<String, ColumnUse> mapping, DatasetSettings settings) {
    this.mapping = mapping;
    this.questions = settings.feedback().questionsByName();
    this.questionIds = settings.questionIds();
    settings.metadataProperties().stream()
        .map(Setting::value)
        .forEach(property -> properties.put(property.name(), property));
  }

  Map<String, @Nullable Object> record(Row row) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    List<Object> suggestions = new ArrayList<>();
    Map<String, @Nullable Object> record = new LinkedHashMap<>();
    mapping.forEach(
        (column, use) -> {
          Object value = row.values().get(column);
          if (value == null || value.equals("")) {
            return;
          }
          switch (use.kind()) {
            case TEXT, MARKDOWN, IMAGE -> fields.put(use.name(), text(value));
            case CHAT -> fields.put(use.name(), value);
            case METADATA -> metadata.put(use.name(), metadata(use.name(), value));
            case EXTERNAL_ID -> record.put("external_id", text(value));
            case SUGGESTION -> suggestions.add(suggestion(use.name(), value));
            case IGNORE -> {}
          }
        });
    record.put("fields", fields);
    record.put("metadata", metadata);
    record.put("suggestions", suggestions);
    return record;
  }

  private static String text(Object value) {
    return value instanceof Map<?, ?> || value instanceof List<?>
        ? Json.write(value)
        : String.valueOf(value);
  }

  private Object metadata(String name, Object value) {
    return properties.get(name) instanceof TermsMetadataProperty && !(value instanceof List<?>)
        ? text(value)
        : value;
  }

  private Object suggestion(String name, Object value) {
    Question question = questions.get(name);
    Object answer = value;
    if (question instanceof MultiLabelQuestion && value instanceof String labels) {
      answer = Arrays.stream(labels.split("[,;|]")).map(String::strip).toList();
    } else if (question instanceof RatingQuestion && value instanceof Long rating) {
      answer = Math.toIntExact(rating);
    } else if (!(question instanceof RatingQuestion) && !(value instanceof List<?>)) {
      answer = text(value);
    }
    return Map.of("question_id", questionIds.getOrDefault(name, ""), "value", answer);
  }
}
