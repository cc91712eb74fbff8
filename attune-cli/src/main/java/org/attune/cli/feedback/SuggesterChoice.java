package org.attune.cli.feedback;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.attune.data.InvalidInputException;
import org.attune.feedback.field.Field;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.Option;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.model.pipeline.TextClassifier;
import org.jspecify.annotations.Nullable;

/**
 * Finds how a model can answer a question: a classifier by its labels, a reward model by comparing
 * the fields that the question's options name, or by rating one.
 *
 * @param field the field that is judged, or null for the first text field
 * @param prompt the field that is read before it, or null
 * @param rated gives the records that people rated
 */
record SuggesterChoice(
    TextClassifier model,
    List<String> labels,
    FeedbackSettings settings,
    @Nullable String field,
    @Nullable String prompt,
    String agent,
    Supplier<List<FeedbackRecord>> rated) {

  private static final String USUAL_PROMPT = "prompt";

  /**
   * The way to answer a question.
   *
   * @throws InvalidInputException if model and question do not fit
   */
  Suggester answering(String name) {
    Question question = settings.question(name);
    if (labels.size() > 1) {
      return classifying(question);
    }
    if (question instanceof RankingQuestion ranking) {
      return comparing(ranking, values(ranking.options()));
    }
    if (question instanceof LabelQuestion label) {
      return comparing(label, values(label.options()));
    }
    if (question instanceof RatingQuestion rating) {
      String judged = judgedField();
      return RatingSuggester.learned(
          judgement(List.of(judged)), judged, rating, agent, rated.get());
    }
    throw unfitting(question, "a reward: it answers ranking, rating and label questions");
  }

  private Suggester classifying(Question question) {
    if (!(question instanceof LabelQuestion label)) {
      throw unfitting(question, "one of several labels: it answers label questions");
    }
    List<String> options = values(label.options());
    List<String> unknown = labels.stream().filter(each -> !options.contains(each)).toList();
    if (!unknown.isEmpty()) {
      throw new InvalidInputException(
          "The model has the labels %s, but the question \"%s\" has no option %s. Its options are %s; train on answers to this question, or name another."
              .formatted(
                  String.join(", ", labels),
                  label.name(),
                  String.join(", ", unknown),
                  String.join(", ", options)));
    }
    String judged = judgedField();
    return new LabelSuggester(judgement(List.of(judged)), judged, label.name(), agent);
  }

  private Suggester comparing(Question question, List<String> options) {
    List<String> texts = textFields();
    if (!texts.containsAll(options)) {
      throw new InvalidInputException(
          "A reward model compares the texts of fields, but the options of \"%s\" (%s) are not all text fields of the dataset (%s). Name a question whose options are fields, or a rating question."
              .formatted(question.name(), String.join(", ", options), String.join(", ", texts)));
    }
    return new PreferenceSuggester(judgement(options), options, question, agent);
  }

  private Judgement judgement(List<String> judged) {
    String before =
        prompt != null
            ? requireText(prompt)
            : textFields().contains(USUAL_PROMPT) && !judged.contains(USUAL_PROMPT)
                ? USUAL_PROMPT
                : null;
    return new Judgement(model, before);
  }

  private String judgedField() {
    if (field != null) {
      return requireText(field);
    }
    return Stream.concat(
            textFields().stream().filter(name -> !name.equals(USUAL_PROMPT)), textFields().stream())
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "The dataset has no text field, and the model judges texts. Name another dataset."));
  }

  private String requireText(String name) {
    if (!textFields().contains(name)) {
      throw new InvalidInputException(
          "The dataset has no text field \"%s\". Its text fields are %s."
              .formatted(name, String.join(", ", textFields())));
    }
    return name;
  }

  private List<String> textFields() {
    return settings.fields().stream().filter(TextField.class::isInstance).map(Field::name).toList();
  }

  private static List<String> values(List<Option> options) {
    return options.stream().map(Option::value).toList();
  }

  private static InvalidInputException unfitting(Question question, String what) {
    return new InvalidInputException(
        "The question \"%s\" is of the kind %s, but the model gives %s. Name such a question."
            .formatted(question.name(), question.type(), what));
  }
}
