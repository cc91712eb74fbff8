package org.attune.feedback.record;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.attune.feedback.question.Question;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.settings.PlainMap;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Records, responses and suggestions as numbers, strings, lists and maps. Reading reports keys that
 * are missing or of the wrong type; {@link RecordRules} judges the values.
 */
public final class RecordFormat {

  private final Map<String, Question> questions;

  public RecordFormat(FeedbackSettings settings) {
    this.questions = settings.questionsByName();
  }

  public Map<String, @Nullable Object> write(FeedbackRecord record) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("id", record.id());
    putIfAny(plain, "external_id", record.externalId());
    plain.put("fields", record.fields());
    putIfAny(plain, "metadata", record.metadata());
    putIfAny(plain, "vectors", record.vectors());
    putIfAny(plain, "responses", record.responses().stream().map(this::write).toList());
    putIfAny(plain, "suggestions", record.suggestions().stream().map(this::write).toList());
    return plain;
  }

  public Map<String, @Nullable Object> write(Response response) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("user_id", response.userId());
    plain.put("status", response.status().key());
    Map<String, Object> values = new LinkedHashMap<>();
    response.values().forEach((name, value) -> values.put(name, plain(name, value)));
    plain.put("values", values);
    return plain;
  }

  public Map<String, @Nullable Object> write(Suggestion suggestion) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("question", suggestion.question());
    plain.put("value", plain(suggestion.question(), suggestion.value()));
    Suggestion.Source source = suggestion.source();
    putIfAny(plain, "type", source == null ? null : source.name().toLowerCase(Locale.ROOT));
    putIfAny(plain, "score", scores(suggestion));
    putIfAny(plain, "agent", suggestion.agent());
    return plain;
  }

  /** One number for a single value, a list for a list, null for none. */
  public static @Nullable Object scores(Suggestion suggestion) {
    List<Double> scores = suggestion.scores();
    if (scores.isEmpty()) {
      return null;
    }
    return suggestion.value() instanceof List<?> ? scores : scores.get(0);
  }

  private Object plain(String questionName, Object answer) {
    Question question = questions.get(questionName);
    return question == null ? answer : question.toPlain(answer);
  }

  private static void putIfAny(
      Map<String, @Nullable Object> plain, String key, @Nullable Object value) {
    boolean empty =
        value == null
            || (value instanceof List<?> list && list.isEmpty())
            || (value instanceof Map<?, ?> map && map.isEmpty());
    if (!empty) {
      plain.put(key, value);
    }
  }

  public FeedbackRecord readRecord(@Nullable Object plain, Problems problems) {
    PlainMap map = PlainMap.of("record", plain, problems);
    FeedbackRecord.Builder builder =
        FeedbackRecord.builder().id(map.text("id")).externalId(map.optionalText("external_id"));
    entries(map, "fields").forEach(builder::field);
    entries(map, "metadata").forEach(builder::metadata);
    entries(map, "vectors").forEach((name, value) -> builder.vector(name, numbers(value)));
    map.list("responses").forEach(item -> builder.response(readResponse(item, map.problems())));
    map.list("suggestions")
        .forEach(item -> builder.suggestion(readSuggestion(item, map.problems())));
    return builder.build();
  }

  public Response readResponse(@Nullable Object plain, Problems problems) {
    PlainMap map = PlainMap.of("response", plain, problems);
    Map<String, Object> values = new LinkedHashMap<>();
    entries(map, "values").forEach((name, value) -> values.put(name, readAnswer(name, value)));
    return new Response(
        map.optionalText("user_id"), status(map.text("status"), map.problems()), values);
  }

  public Suggestion readSuggestion(@Nullable Object plain, Problems problems) {
    PlainMap map = PlainMap.of("suggestion", plain, problems);
    String question = map.text("question");
    Object value = map.get("value");
    if (value == null) {
      map.problems().add("value", "must be given", null, "Correct the file.");
      value = "";
    }
    return new Suggestion(
        question,
        readAnswer(question, value),
        source(map.optionalText("type"), map.problems()),
        numbers(map.get("score")),
        map.optionalText("agent"));
  }

  /** The answer from its plain form; unchanged if there is no such question. */
  public Object readAnswer(String questionName, Object plain) {
    Question question = questions.get(questionName);
    return question == null ? plain : question.fromPlain(plain);
  }

  public static ResponseStatus status(String key, Problems problems) {
    for (ResponseStatus status : ResponseStatus.values()) {
      if (status.key().equals(key)) {
        return status;
      }
    }
    problems.add("status", "must be draft, submitted or discarded", key, "Correct the spelling.");
    return ResponseStatus.DRAFT;
  }

  public static Suggestion.@Nullable Source source(@Nullable String key, Problems problems) {
    if (key == null) {
      return null;
    }
    for (Suggestion.Source source : Suggestion.Source.values()) {
      if (source.name().toLowerCase(Locale.ROOT).equals(key)) {
        return source;
      }
    }
    problems.add("type", "must be model or human", key, "Correct the spelling.");
    return null;
  }

  /** One number or several, as a list. */
  public static List<Double> numbers(@Nullable Object plain) {
    List<?> items =
        plain instanceof List<?> list ? list : plain == null ? List.of() : List.of(plain);
    List<Double> numbers = new ArrayList<>();
    for (Object item : items) {
      numbers.add(item instanceof Number number ? number.doubleValue() : Double.NaN);
    }
    return numbers;
  }

  private static Map<String, Object> entries(PlainMap map, String key) {
    Map<String, Object> entries = new LinkedHashMap<>();
    if (map.has(key)) {
      if (map.get(key) instanceof Map<?, ?> given) {
        given.forEach(
            (name, value) -> {
              if (value != null) {
                entries.put(String.valueOf(name), value);
              }
            });
      } else {
        map.problems().add(key, "must be a group of keys", map.get(key), "Correct the file.");
      }
    }
    return entries;
  }
}
