package org.attune.feedback.settings;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.attune.data.InvalidInputException;
import org.attune.feedback.field.Field;
import org.attune.feedback.field.MetadataProperty;
import org.attune.feedback.field.TextField;
import org.attune.feedback.field.VectorSettings;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * What a dataset's records hold and what people are asked about them.
 *
 * @param guidelines instructions for annotators in Markdown, at most 10,000 characters, or null
 * @param fields at least one of them required
 * @param questions at least one of them required; none at all for a dataset without answers
 * @param vectors at most 5
 * @param allowExtraMetadata whether records may carry metadata that no property describes
 */
public record FeedbackSettings(
    @Nullable String guidelines,
    List<Field> fields,
    List<Question> questions,
    List<MetadataProperty> metadataProperties,
    List<VectorSettings> vectors,
    boolean allowExtraMetadata) {

  private static final int LONGEST_GUIDELINES = 10_000;
  private static final int MOST_VECTORS = 5;

  public FeedbackSettings {
    fields = List.copyOf(fields);
    questions = List.copyOf(questions);
    metadataProperties = List.copyOf(metadataProperties);
    vectors = List.copyOf(vectors);
    Problems problems = Problems.none();
    if (guidelines != null) {
      Names.checkLength("guidelines", guidelines, LONGEST_GUIDELINES, problems);
    }
    Names.checkUnique("fields", fields.stream().map(Field::name).toList(), problems);
    Names.checkUnique("questions", questions.stream().map(Question::name).toList(), problems);
    Names.checkUnique(
        "metadata properties",
        metadataProperties.stream().map(MetadataProperty::name).toList(),
        problems);
    Names.checkUnique("vectors", vectors.stream().map(VectorSettings::name).toList(), problems);
    if (fields.stream().noneMatch(Field::required)) {
      problems.add(
          "fields",
          "must have at least one that is required",
          fields.stream().map(Field::name).toList(),
          "Add a field such as TextField.of(\"text\").");
    }
    if (!questions.isEmpty() && questions.stream().noneMatch(Question::required)) {
      problems.add(
          "questions",
          "must have at least one that is required",
          questions.stream().map(Question::name).toList(),
          "Remove optional() from one of them.");
    }
    checkSpanFields(fields, questions, problems);
    if (vectors.size() > MOST_VECTORS) {
      problems.add("vectors", "must be at most 5", vectors.size(), "Remove some.");
    }
    problems.throwIfAny("the settings of the dataset");
  }

  private static void checkSpanFields(
      List<Field> fields, List<Question> questions, Problems problems) {
    List<String> names =
        fields.stream().filter(TextField.class::isInstance).map(Field::name).toList();
    Set<String> marked = new HashSet<>();
    for (Question question : questions) {
      if (question instanceof SpanQuestion span) {
        if (!names.contains(span.field())) {
          problems
              .at("question \"" + span.name() + "\"")
              .add("field", "must be one of the text fields " + names, span.field(), "Correct it.");
        }
        if (!marked.add(span.field())) {
          problems
              .at("question \"" + span.name() + "\"")
              .add(
                  "field",
                  "must not be marked by two span questions",
                  span.field(),
                  "Put the labels into one question.");
        }
      }
    }
  }

  public Map<String, Field> fieldsByName() {
    return byName(fields, Field::name);
  }

  public Map<String, Question> questionsByName() {
    return byName(questions, Question::name);
  }

  /**
   * The question of that name.
   *
   * @throws InvalidInputException if there is none
   */
  public Question question(String name) {
    return questions.stream()
        .filter(question -> question.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "There is no question \""
                        + name
                        + "\". The questions are "
                        + questions.stream().map(Question::name).toList()
                        + "."));
  }

  private static <T> Map<String, T> byName(List<T> items, Function<T, String> name) {
    return items.stream()
        .collect(
            Collectors.toMap(name, item -> item, (first, second) -> first, LinkedHashMap::new));
  }
}
