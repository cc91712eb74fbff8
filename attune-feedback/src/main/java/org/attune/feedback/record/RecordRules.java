package org.attune.feedback.record;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.attune.feedback.field.Field;
import org.attune.feedback.field.MetadataProperty;
import org.attune.feedback.field.VectorSettings;
import org.attune.feedback.question.Question;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/** Checks records, responses and suggestions against the settings of their dataset. */
public final class RecordRules {

  private final FeedbackSettings settings;
  private final Map<String, Field> fields;
  private final Map<String, Question> questions;
  private final Map<String, MetadataProperty> properties;
  private final Map<String, VectorSettings> vectors;

  public RecordRules(FeedbackSettings settings) {
    this.settings = settings;
    this.fields = settings.fieldsByName();
    this.questions = settings.questionsByName();
    this.properties =
        settings.metadataProperties().stream()
            .collect(Collectors.toMap(MetadataProperty::name, Function.identity()));
    this.vectors =
        settings.vectors().stream()
            .collect(Collectors.toMap(VectorSettings::name, Function.identity()));
  }

  /** Reports every rule that the record breaks, its responses and suggestions included. */
  public void check(FeedbackRecord record, Problems problems) {
    checkFields(record.fields(), problems);
    checkMetadata(record.metadata(), problems);
    checkVectors(record.vectors(), problems);
    Set<@Nullable String> users = new HashSet<>();
    for (Response response : record.responses()) {
      check(response, record, problems);
      if (!users.add(response.userId())) {
        problems.add(
            "responses",
            "must be at most one for each user",
            Objects.requireNonNullElse(response.userId(), "two without a user"),
            "Keep the one that counts.");
      }
    }
    Set<String> suggested = new HashSet<>();
    for (Suggestion suggestion : record.suggestions()) {
      check(suggestion, record, problems);
      if (!suggested.add(suggestion.question())) {
        problems.add(
            "suggestions",
            "must be at most one for each question",
            suggestion.question(),
            "Keep the better one.");
      }
    }
  }

  /** Reports every rule that the fields of a record break. */
  public void checkFields(Map<String, Object> values, Problems problems) {
    for (Field field : settings.fields()) {
      if (field.required() && !values.containsKey(field.name())) {
        problems.add(
            field.name(), "must be given", null, "Set the field, or declare it optional().");
      }
    }
    values.forEach(
        (name, value) -> {
          Field field = fields.get(name);
          if (field == null) {
            problems.add(
                name,
                "must be one of the fields " + fields.keySet(),
                value,
                "Correct the name, or put the value into the metadata.");
          } else {
            field.check(value, problems);
            checkStorable(name, value, problems);
          }
        });
  }

  /** Reports every rule that the metadata of a record breaks. */
  public void checkMetadata(Map<String, Object> values, Problems problems) {
    values.forEach(
        (name, value) -> {
          int before = problems.count();
          MetadataProperty property = properties.get(name);
          if (property != null) {
            property.check(value, problems);
          } else if (!settings.allowExtraMetadata()) {
            problems.add(
                name,
                "must be one of the metadata properties " + properties.keySet(),
                value,
                "Declare the property, or allow extra metadata.");
          }
          if (problems.count() == before) {
            checkStorable(name, value, problems);
          }
        });
  }

  /** Reports every rule that the vectors of a record break. */
  public void checkVectors(Map<String, List<Double>> values, Problems problems) {
    values.forEach(
        (name, vector) -> {
          VectorSettings vectorSettings = vectors.get(name);
          if (vectorSettings == null) {
            problems.add(
                name, "must be one of the vectors " + vectors.keySet(), name, "Declare it.");
          } else {
            vectorSettings.check(vector, problems);
          }
        });
  }

  /** Reports every rule that a response to the record breaks. */
  public void check(Response response, FeedbackRecord record, Problems all) {
    String user = response.userId();
    Problems problems =
        all.at("response of " + (user == null ? "an unknown user" : "\"" + user + "\""));
    boolean submitted = response.isSubmitted();
    if (submitted) {
      for (Question question : questions.values()) {
        if (question.required() && !response.values().containsKey(question.name())) {
          problems.add(
              question.name(),
              "must be answered in a submitted response",
              null,
              "Answer it, or save the response as a draft.");
        }
      }
      if (response.values().isEmpty() && questions.isEmpty()) {
        problems.add("answers", "must not be empty", null, "Add a question to the dataset.");
      }
    }
    response
        .values()
        .forEach((name, answer) -> checkAnswer(name, answer, submitted, record.fields(), problems));
  }

  /** Reports every rule that a suggestion for the record breaks. */
  public void check(Suggestion suggestion, FeedbackRecord record, Problems all) {
    Problems problems = all.at("suggestion");
    String name = suggestion.question();
    checkAnswer(name, suggestion.value(), false, record.fields(), problems);
    List<Double> scores = suggestion.scores();
    boolean list = suggestion.value() instanceof List<?>;
    int expected = suggestion.value() instanceof List<?> values ? values.size() : 1;
    if (!scores.isEmpty() && scores.size() != expected) {
      problems.add(
          name,
          list ? "must have one score for each item" : "must have one score",
          scores,
          "Give " + expected + ", or none.");
    }
    if (scores.stream().anyMatch(score -> !(score >= 0 && score <= 1))) {
      problems.add(name, "must have scores from 0 to 1", scores, "Scale the scores.");
    }
    String agent = suggestion.agent();
    if (agent != null) {
      Names.checkAgent(agent, problems);
    }
  }

  private void checkAnswer(
      String name,
      Object answer,
      boolean submitted,
      Map<String, Object> recordFields,
      Problems problems) {
    Question question = questions.get(name);
    if (question == null) {
      problems.add(
          name,
          "must be one of the questions " + questions.keySet(),
          answer,
          "Correct the name of the question.");
    } else {
      question.check(answer, submitted, recordFields, problems);
      checkStorable(name, answer, problems);
    }
  }

  /**
   * Reports what no file format can hold, at any depth: half of a surrogate pair, which is no
   * character, and numbers that are not finite.
   */
  private static void checkStorable(String name, Object value, Problems problems) {
    if (value instanceof String text) {
      long broken = text.codePoints().filter(point -> point >= 0xD800 && point <= 0xDFFF).count();
      if (broken > 0) {
        problems.add(
            name,
            "must be valid Unicode (it holds half of a surrogate pair)",
            broken + " broken characters",
            "Cut texts between code points.");
      }
    } else if (value instanceof Number number && !Double.isFinite(number.doubleValue())) {
      problems.add(name, "must be finite", value, "Leave it out.");
    } else if (value instanceof List<?> list) {
      for (Object item : list) {
        if (item != null) {
          checkStorable(name, item, problems);
        }
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, item) -> {
            checkStorable(name, key, problems);
            if (item != null) {
              checkStorable(name, item, problems);
            }
          });
    }
  }
}
