package org.attune.feedback.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;
import org.attune.data.InvalidInputException;
import org.attune.feedback.field.ChatField;
import org.attune.feedback.field.CustomField;
import org.attune.feedback.field.Field;
import org.attune.feedback.field.VectorSettings;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.Span;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.RecordFormat;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.ResponseStatus;
import org.attune.feedback.record.Suggestion;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Records as rows of a table: a column for each field; for each question its answers, its
 * suggestion and where that came from; then external id, metadata and vectors.
 */
final class HubColumns {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, @Nullable Object>> MAP = new TypeReference<>() {};

  private final FeedbackSettings settings;
  private final RecordFormat format;
  private final Map<String, String> types = new LinkedHashMap<>();

  HubColumns(FeedbackSettings settings) {
    this.settings = settings;
    this.format = new RecordFormat(settings);
    for (Field field : settings.fields()) {
      add(
          field.name(),
          field instanceof ChatField ? "STRUCT(role VARCHAR, content VARCHAR)[]" : "VARCHAR");
    }
    for (Question question : settings.questions()) {
      boolean several =
          question instanceof MultiLabelQuestion
              || question instanceof RankingQuestion
              || question instanceof SpanQuestion;
      String value = valueType(question, "");
      add(question.name(), "STRUCT(user_id VARCHAR, value " + value + ", status VARCHAR)[]");
      add(suggestion(question), valueType(question, ", score FLOAT[]"));
      add(
          origin(question),
          "STRUCT(type VARCHAR, score " + (several ? "FLOAT[]" : "FLOAT") + ", agent VARCHAR)");
    }
    add("external_id", "VARCHAR");
    add("metadata", "VARCHAR");
    if (!settings.vectors().isEmpty()) {
      add("vectors", vectorsType());
    }
  }

  private void add(String column, String type) {
    if (types.put(column, type) != null) {
      throw new InvalidInputException(
          "Two columns would be named \""
              + column
              + "\". Fields and questions share one table in this layout: give each its own name, and"
              + " none of them external_id, metadata or vectors.");
    }
  }

  private static String valueType(Question question, String more) {
    if (question instanceof RatingQuestion) {
      return "INTEGER";
    }
    if (question instanceof MultiLabelQuestion) {
      return "VARCHAR[]";
    }
    // Lists of objects are stored as objects of lists, as the datasets library stores its
    // sequences.
    if (question instanceof RankingQuestion) {
      return "STRUCT(rank UTINYINT[], value VARCHAR[])";
    }
    if (question instanceof SpanQuestion) {
      return "STRUCT(\"start\" INTEGER[], \"end\" INTEGER[], label VARCHAR[], \"text\" VARCHAR[]"
          + more
          + ")";
    }
    return "VARCHAR";
  }

  private String vectorsType() {
    StringJoiner parts = new StringJoiner(", ", "STRUCT(", ")");
    for (VectorSettings vector : settings.vectors()) {
      parts.add("\"" + vector.name() + "\" DOUBLE[]");
    }
    return parts.toString();
  }

  private static String suggestion(Question question) {
    return question.name() + "-suggestion";
  }

  private static String origin(Question question) {
    return question.name() + "-suggestion-metadata";
  }

  /** The query that gives every column the type other tools expect. */
  String typedQuery() {
    StringJoiner columns = new StringJoiner(", ", "SELECT ", " FROM dataset");
    types.forEach(
        (name, type) -> columns.add("CAST(\"" + name + "\" AS " + type + ") AS \"" + name + "\""));
    return columns.toString();
  }

  Map<String, @Nullable Object> row(FeedbackRecord record) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (Field field : settings.fields()) {
      Object value = record.fields().get(field.name());
      row.put(field.name(), value == null ? null : plain(field, value));
    }
    for (Question question : settings.questions()) {
      row.put(question.name(), answers(question, record));
      Suggestion suggestion =
          record.suggestions().stream()
              .filter(candidate -> candidate.question().equals(question.name()))
              .findFirst()
              .orElse(null);
      row.put(
          suggestion(question),
          suggestion == null ? null : plain(question, suggestion.value(), record));
      row.put(origin(question), suggestion == null ? null : origin(suggestion));
    }
    row.put("external_id", record.externalId());
    row.put("metadata", json(record.metadata()));
    if (!settings.vectors().isEmpty()) {
      row.put("vectors", record.vectors().isEmpty() ? null : record.vectors());
    }
    return row;
  }

  private List<Map<String, @Nullable Object>> answers(Question question, FeedbackRecord record) {
    List<Map<String, @Nullable Object>> answers = new ArrayList<>();
    boolean first = question.equals(settings.questions().get(0));
    for (Response response : record.responses()) {
      Object answer = response.value(question.name());
      // A response without any answer, usually a discarded one, is kept in the first column.
      if (answer != null || (first && response.values().isEmpty())) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("user_id", response.userId());
        entry.put("value", answer == null ? null : plain(question, answer, record));
        entry.put("status", response.status().key());
        answers.add(entry);
      }
    }
    return answers;
  }

  private static Object plain(Question question, Object answer, FeedbackRecord record) {
    if (question instanceof RankingQuestion) {
      List<RankedOption> places = items(answer, RankedOption.class);
      Map<String, Object> columns = new LinkedHashMap<>();
      columns.put("rank", column(places, RankedOption::rank));
      columns.put("value", column(places, RankedOption::value));
      return columns;
    }
    if (question instanceof SpanQuestion spanQuestion) {
      List<Span> spans = items(answer, Span.class);
      String text = record.text(spanQuestion.field());
      Map<String, Object> columns = new LinkedHashMap<>();
      columns.put("start", column(spans, Span::start));
      columns.put("end", column(spans, Span::end));
      columns.put("label", column(spans, Span::label));
      columns.put("text", column(spans, span -> span.of(text)));
      return columns;
    }
    return answer;
  }

  private static <T> List<T> items(Object answer, Class<T> type) {
    return ((List<?>) answer).stream().map(type::cast).toList();
  }

  private static <T> List<@Nullable Object> column(
      List<T> items, Function<T, ? extends @Nullable Object> value) {
    List<@Nullable Object> column = new ArrayList<>();
    items.forEach(item -> column.add(value.apply(item)));
    return column;
  }

  private static Map<String, @Nullable Object> origin(Suggestion suggestion) {
    Map<String, @Nullable Object> origin = new LinkedHashMap<>();
    Suggestion.Source source = suggestion.source();
    origin.put("type", source == null ? null : source.name().toLowerCase(Locale.ROOT));
    origin.put("score", RecordFormat.scores(suggestion));
    origin.put("agent", suggestion.agent());
    return origin;
  }

  /** Custom values are JSON texts, since their keys differ from record to record. */
  private static Object plain(Field field, Object value) {
    if (field instanceof CustomField) {
      return json(value);
    }
    if (field instanceof ChatField) {
      List<Map<String, @Nullable Object>> messages = new ArrayList<>();
      for (Object message : (List<?>) value) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("role", ((Map<?, ?>) message).get("role"));
        entry.put("content", ((Map<?, ?>) message).get("content"));
        messages.add(entry);
      }
      return messages;
    }
    return value;
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new HubFormatException(
          value + " cannot be written as JSON: " + e.getOriginalMessage() + ".", e);
    }
  }

  /** Reports required fields that have no column. */
  void requirePresent(Collection<String> columns) {
    Problems problems = Problems.none();
    for (Field field : settings.fields()) {
      if (field.required() && !columns.contains(field.name())) {
        problems.add(
            field.name(), "must be one of the columns " + columns, null, "Check the settings.");
      }
    }
    problems.throwIfAny("the records of the folder");
  }

  /** The record in a row; what no record can hold is reported as of that row. */
  FeedbackRecord record(Map<String, @Nullable Object> row, Problems problems) {
    FeedbackRecord.Builder builder = FeedbackRecord.builder();
    for (Field field : settings.fields()) {
      Object value = row.get(field.name());
      if (value != null) {
        builder.field(field.name(), value(field, value, problems));
      }
    }
    responses(row, problems).forEach(builder::response);
    for (Question question : settings.questions()) {
      Object value = row.get(suggestion(question));
      if (value != null) {
        builder.suggestion(suggestion(question, value, row.get(origin(question)), problems));
      }
    }
    if (row.get("external_id") != null) {
      builder.externalId(String.valueOf(row.get("external_id")));
    }
    if (row.get("metadata") != null) {
      object("metadata", String.valueOf(row.get("metadata")), problems).forEach(builder::metadata);
    }
    if (row.get("vectors") instanceof Map<?, ?> vectors) {
      vectors.forEach(
          (name, vector) -> {
            if (vector != null) {
              builder.vector(String.valueOf(name), RecordFormat.numbers(vector));
            }
          });
    }
    return builder.build();
  }

  private static Object value(Field field, Object stored, Problems problems) {
    if (field instanceof CustomField && stored instanceof String json) {
      return object(field.name(), json, problems);
    }
    return field instanceof ChatField ? entries(stored) : stored;
  }

  /** Each user's answers to all questions together. */
  private List<Response> responses(Map<String, @Nullable Object> row, Problems problems) {
    Map<String, @Nullable String> users = new LinkedHashMap<>();
    Map<String, ResponseStatus> statuses = new HashMap<>();
    Map<String, Map<String, Object>> values = new HashMap<>();
    for (Question question : settings.questions()) {
      int nameless = 0;
      Set<String> seen = new HashSet<>();
      for (Map<?, ?> entry : entries(row.get(question.name()))) {
        String user = entry.get("user_id") == null ? null : String.valueOf(entry.get("user_id"));
        if (user == null && ++nameless > 1) {
          user = "unknown-" + nameless;
        }
        // A null user and the empty name are different people.
        String key = user == null ? "" : "user " + user;
        if (!seen.add(key)) {
          problems.add(
              question.name(), "must have one answer of each user", user, "Keep one answer.");
        }
        users.put(key, user);
        Object status = entry.get("status");
        if (status != null) {
          statuses.put(key, RecordFormat.status(String.valueOf(status), problems));
        }
        Map<String, Object> answers = values.computeIfAbsent(key, name -> new LinkedHashMap<>());
        Object value = entry.get("value");
        if (value != null) {
          answers.put(question.name(), answer(question, value));
        }
      }
    }
    List<Response> responses = new ArrayList<>();
    users.forEach(
        (key, user) ->
            responses.add(
                new Response(
                    user,
                    statuses.getOrDefault(key, ResponseStatus.SUBMITTED),
                    values.getOrDefault(key, Map.of()))));
    return responses;
  }

  private Object answer(Question question, Object plain) {
    boolean objects = question instanceof RankingQuestion || question instanceof SpanQuestion;
    return format.readAnswer(question.name(), objects ? entries(plain) : plain);
  }

  private Suggestion suggestion(
      Question question, Object value, @Nullable Object originValue, Problems problems) {
    Map<?, ?> origin = originValue instanceof Map<?, ?> map ? map : Map.of();
    Object type = origin.get("type");
    Object agent = origin.get("agent");
    return new Suggestion(
        question.name(),
        answer(question, value),
        RecordFormat.source(type == null ? null : type.toString(), problems),
        RecordFormat.numbers(origin.get("score")),
        agent == null ? null : agent.toString());
  }

  private static Map<String, Object> object(String name, String json, Problems problems) {
    Map<String, Object> object = new LinkedHashMap<>();
    try {
      JSON.readValue(json, MAP)
          .forEach(
              (key, value) -> {
                if (value != null) {
                  object.put(key, value);
                }
              });
    } catch (JsonProcessingException e) {
      problems.add(name, "must be an object in JSON", json, "Correct the row.");
    }
    return object;
  }

  /** A list of objects, also where it was stored as an object of lists. */
  private static List<Map<?, ?>> entries(@Nullable Object stored) {
    List<Map<?, ?>> entries = new ArrayList<>();
    if (stored instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> entry) {
          entries.add(entry);
        }
      }
    } else if (stored instanceof Map<?, ?> columns) {
      int size =
          columns.values().stream()
              .mapToInt(column -> column instanceof List<?> list ? list.size() : 0)
              .max()
              .orElse(0);
      for (int index = 0; index < size; index++) {
        Map<Object, @Nullable Object> entry = new LinkedHashMap<>();
        for (Map.Entry<?, ?> column : columns.entrySet()) {
          boolean present = column.getValue() instanceof List<?> list && index < list.size();
          entry.put(column.getKey(), present ? ((List<?>) column.getValue()).get(index) : null);
        }
        entries.add(entry);
      }
    }
    return entries;
  }
}
