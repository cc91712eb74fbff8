package org.attune.feedback.argilla;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.attune.feedback.question.Question;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.RecordFormat;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.ResponseStatus;
import org.attune.feedback.record.Suggestion;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Records, responses and suggestions. Reading reports what has the wrong form; {@link
 * org.attune.feedback.record.RecordRules} judges the values.
 */
public final class RecordJson {

  private static final String FIX = "Correct the request.";

  private final Map<String, Question> questions;
  private final Map<String, String> questionIds;
  private final Map<String, String> questionNames = new HashMap<>();

  /**
   * The JSON of a dataset's records.
   *
   * @param questionIds from the name of each question to the id under which suggestions refer to it
   */
  public RecordJson(FeedbackSettings settings, Map<String, String> questionIds) {
    this.questions = settings.questionsByName();
    this.questionIds = Map.copyOf(questionIds);
    questionIds.forEach((name, id) -> questionNames.put(id, name));
  }

  /** A record to be added, without its id. */
  public Map<String, @Nullable Object> write(FeedbackRecord record) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("external_id", record.externalId());
    body.put("fields", record.fields());
    body.put("metadata", record.metadata());
    body.put("vectors", record.vectors());
    body.put("responses", record.responses().stream().map(this::write).toList());
    body.put("suggestions", record.suggestions().stream().map(this::write).toList());
    return body;
  }

  public Map<String, @Nullable Object> write(Response response) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("user_id", response.userId());
    body.put("status", response.status().key());
    body.put("values", values(response));
    return body;
  }

  /** The answers as {@code {question: {"value": …}}}. */
  public Map<String, Map<String, Object>> values(Response response) {
    Map<String, Map<String, Object>> values = new LinkedHashMap<>();
    response
        .values()
        .forEach((name, value) -> values.put(name, Map.of("value", plain(name, value))));
    return values;
  }

  public Map<String, @Nullable Object> write(Suggestion suggestion) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("question_id", questionIds.get(suggestion.question()));
    body.put("question_name", suggestion.question());
    body.put("value", plain(suggestion.question(), suggestion.value()));
    Suggestion.Source source = suggestion.source();
    body.put("type", source == null ? null : source.name().toLowerCase(Locale.ROOT));
    body.put("score", RecordFormat.scores(suggestion));
    body.put("agent", suggestion.agent());
    return body;
  }

  private Object plain(String questionName, Object answer) {
    Question question = questions.get(questionName);
    return question == null ? answer : AnswerJson.write(question, answer);
  }

  /** Reads a record; one without an id gets a random one. */
  public FeedbackRecord readRecord(@Nullable Object plain, Problems problems) {
    JsonBody body = JsonBody.of("record", plain, problems);
    FeedbackRecord.Builder builder =
        FeedbackRecord.builder()
            .id(body.optionalText("id"))
            .externalId(body.optionalText("external_id"));
    if (!body.has("fields")) {
      problems.add("fields", "must be given", null, FIX);
    }
    readObject("fields", body.get("fields"), problems).forEach(builder::field);
    readObject("metadata", body.get("metadata"), problems).forEach(builder::metadata);
    readVectors(body.get("vectors"), problems).forEach(builder::vector);
    readResponses(body.get("responses"), problems).forEach(builder::response);
    readSuggestions(body.get("suggestions"), problems).forEach(builder::suggestion);
    return builder.build();
  }

  /** Fields or metadata; a null value is the same as none. */
  public static Map<String, Object> readObject(
      String name, @Nullable Object plain, Problems problems) {
    Map<String, Object> entries = new LinkedHashMap<>();
    if (plain instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> {
            if (value != null) {
              entries.put(String.valueOf(key), value);
            }
          });
    } else if (plain != null) {
      problems.add(name, "must be an object", plain, FIX);
    }
    return entries;
  }

  public static Map<String, List<Double>> readVectors(@Nullable Object plain, Problems problems) {
    Map<String, List<Double>> vectors = new LinkedHashMap<>();
    readObject("vectors", plain, problems)
        .forEach((name, value) -> vectors.put(name, numbers(name, value, problems)));
    return vectors;
  }

  private static List<Double> numbers(String name, Object plain, Problems problems) {
    List<Double> numbers = new ArrayList<>();
    boolean valid = plain instanceof List<?>;
    for (Object item : plain instanceof List<?> list ? list : List.of()) {
      valid &= item instanceof Number;
      numbers.add(item instanceof Number number ? number.doubleValue() : 0.0);
    }
    if (!valid) {
      problems.add(name, "must be a list of numbers", plain, FIX);
    }
    return numbers;
  }

  /** The responses given with a record; unlike a later draft, a draft here has answers. */
  public List<Response> readResponses(@Nullable Object plain, Problems problems) {
    List<Response> responses = new ArrayList<>();
    for (Object item : items("responses", plain, problems)) {
      Problems here = problems.at("response " + responses.size());
      JsonBody body = JsonBody.of("response", item, here);
      if ("draft".equals(body.get("status")) && !body.has("values")) {
        here.add("values", "must be given", null, "Answer a question, or leave the response out.");
      }
      responses.add(readResponse(item, body.optionalText("user_id"), here));
    }
    return responses;
  }

  /** The response of a user, whatever user the body names. */
  public Response readResponse(@Nullable Object plain, @Nullable String userId, Problems problems) {
    JsonBody body = JsonBody.of("response", plain, problems);
    String status = body.text("status");
    Map<String, Object> values = new LinkedHashMap<>();
    readObject("values", body.get("values"), problems)
        .forEach(
            (name, value) -> {
              if (value instanceof Map<?, ?> holder && holder.get("value") != null) {
                values.put(name, readAnswer(name, holder.get("value")));
              } else {
                problems.add(
                    name, "must be {\"value\": …}", value, "Leave out what has no answer.");
              }
            });
    ResponseStatus read =
        body.get("status") instanceof String
            ? RecordFormat.status(status, problems)
            : ResponseStatus.DRAFT;
    return new Response(userId, read, values);
  }

  public List<Suggestion> readSuggestions(@Nullable Object plain, Problems problems) {
    List<Suggestion> suggestions = new ArrayList<>();
    for (Object item : items("suggestions", plain, problems)) {
      suggestions.add(readSuggestion(item, problems.at("suggestion " + suggestions.size())));
    }
    return suggestions;
  }

  /** A suggestion; its question by id or, without one, by name. */
  public Suggestion readSuggestion(@Nullable Object plain, Problems problems) {
    JsonBody body = JsonBody.of("suggestion", plain, problems);
    String question = question(body);
    Object value = body.get("value");
    if (value == null) {
      problems.add("value", "must be given", null, FIX);
    }
    return new Suggestion(
        question,
        value == null ? "" : readAnswer(question, value),
        RecordFormat.source(body.optionalText("type"), problems),
        scores(body.get("score"), value, problems),
        body.optionalText("agent"));
  }

  private String question(JsonBody body) {
    if (!body.has("question_id") && body.has("question_name")) {
      return body.text("question_name");
    }
    String id = body.text("question_id");
    String name = questionNames.get(id);
    if (name == null && !id.isEmpty()) {
      body.problems()
          .add("question_id", "must be one of " + questionNames.keySet(), id, "Correct the id.");
    }
    return name == null ? "" : name;
  }

  /** One score for a single value, a list of them for a list. */
  private static List<Double> scores(
      @Nullable Object plain, @Nullable Object value, Problems problems) {
    if (plain == null) {
      return List.of();
    }
    boolean list = plain instanceof List<?>;
    if (list != value instanceof List<?> || (plain instanceof List<?> some && some.isEmpty())) {
      problems.add(
          "score",
          value instanceof List<?> ? "must be a list, as the value is" : "must be one number",
          plain,
          "Leave it out, or correct it.");
      return List.of();
    }
    return numbers("score", list ? plain : List.of(plain), problems);
  }

  /** The answer from its JSON; unchanged if there is no such question. */
  public Object readAnswer(String questionName, Object plain) {
    Question question = questions.get(questionName);
    return question == null ? plain : AnswerJson.read(question, plain);
  }

  private static List<?> items(String name, @Nullable Object plain, Problems problems) {
    if (plain instanceof List<?> list) {
      return list;
    }
    if (plain != null) {
      problems.add(name, "must be a list", plain, FIX);
    }
    return List.of();
  }
}
