package org.attune.cli.feedback;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.attune.data.Dataset;
import org.attune.data.DatasetFormatException;
import org.attune.data.Row;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.settings.FeedbackSettings;
import org.jspecify.annotations.Nullable;

/**
 * Flat rows as feedback records: columns named as a field are fields, as a question an answer;
 * {@code id} says which record, {@code user_id} who answered. Other columns are left out.
 */
final class FeedbackRows {
  private static final String ID = "id";
  private static final String USER = "user_id";

  private FeedbackRows() {}

  static List<FeedbackRecord> records(Dataset rows, FeedbackSettings settings) {
    Set<String> columns = Set.copyOf(rows.columnNames());
    List<String> missing =
        settings.fieldsByName().values().stream()
            .filter(field -> field.required() && !columns.contains(field.name()))
            .map(field -> field.name())
            .toList();
    if (!missing.isEmpty()) {
      throw DatasetFormatException.of(
          "The rows lack the field %s; their columns are %s. Name the field as the column, or rename the column."
              .formatted(
                  missing.stream().collect(Collectors.joining(", ")),
                  String.join(", ", rows.columnNames())));
    }
    Map<String, FeedbackRecord.Builder> byId = new LinkedHashMap<>();
    Map<String, Integer> unnamed = new HashMap<>();
    List<FeedbackRecord.Builder> records = new ArrayList<>();
    try (Stream<Row> stream = rows.rows()) {
      stream.forEach(
          row -> {
            Object id = row.has(ID) ? row.get(ID) : null;
            FeedbackRecord.Builder record = id == null ? null : byId.get(id.toString());
            if (record == null) {
              record = begun(row, id, settings);
              records.add(record);
              if (id != null) {
                byId.put(id.toString(), record);
              }
            }
            answer(record, row, id, settings, unnamed);
          });
    }
    return records.stream().map(FeedbackRecord.Builder::build).toList();
  }

  private static FeedbackRecord.Builder begun(
      Row row, @Nullable Object id, FeedbackSettings settings) {
    FeedbackRecord.Builder record = FeedbackRecord.builder();
    if (id != null) {
      record.id(id.toString());
    }
    for (String field : settings.fieldsByName().keySet()) {
      Object value = row.has(field) ? row.get(field) : null;
      if (value != null) {
        record.field(field, value.toString());
      }
    }
    return record;
  }

  private static void answer(
      FeedbackRecord.Builder record,
      Row row,
      @Nullable Object id,
      FeedbackSettings settings,
      Map<String, Integer> unnamed) {
    Map<String, Object> answers = new LinkedHashMap<>();
    for (Question question : settings.questions()) {
      Object value = row.has(question.name()) ? row.get(question.name()) : null;
      if (value != null) {
        answers.put(question.name(), answer(question, value, row));
      }
    }
    if (answers.isEmpty()) {
      return;
    }
    Object user = row.has(USER) ? row.get(USER) : null;
    // answers without a name are told apart by their place in the record
    String name =
        user != null
            ? user.toString()
            : "user-"
                + unnamed.merge(String.valueOf(id == null ? row.number() : id), 1, Integer::sum);
    record.response(Response.submitted(name, answers));
  }

  private static Object answer(Question question, Object value, Row row) {
    if (!(question instanceof RatingQuestion)) {
      return value instanceof List<?> ? value : value.toString();
    }
    if (value instanceof Number number && number.doubleValue() == number.intValue()) {
      return number.intValue();
    }
    throw DatasetFormatException.of(
        "Row %,d: %s must be a whole number but was \"%s\". Correct the row."
            .formatted(row.number(), question.name(), value));
  }
}
