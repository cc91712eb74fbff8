package org.attune.server.builder;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.template.FeedbackTemplates;
import org.jspecify.annotations.Nullable;

/** A kind of feedback that a dataset can start from, with what a form asks about it. */
enum Template {
  TEXT_CLASSIFICATION(true, false, false),
  PREFERENCE(false, true, false),
  SUPERVISED_FINE_TUNING(false, false, false),
  PROMPT_RATING(false, false, true),
  QUESTION_ANSWERING(false, false, false),
  SUMMARIZATION(false, false, false),
  TRANSLATION(false, false, false),
  SENTENCE_SIMILARITY(false, false, true),
  NATURAL_LANGUAGE_INFERENCE(true, false, false),
  RETRIEVAL(false, true, true),
  MULTI_MODAL_CLASSIFICATION(true, false, false),
  MULTI_MODAL_TRANSCRIPTION(false, false, false);

  private static final int MOST_ANSWERS = 10;
  private static final int HIGHEST_RATING = 10;

  private final boolean labelled;
  private final boolean counted;
  private final boolean rated;

  Template(boolean labelled, boolean counted, boolean rated) {
    this.labelled = labelled;
    this.counted = counted;
    this.rated = rated;
  }

  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What the form asks about it: {@code labels}, {@code count}, {@code scale}. */
  public String asks() {
    return (labelled ? "labels " : "") + (counted ? "count " : "") + (rated ? "scale" : "");
  }

  static Optional<Template> of(String key) {
    return Arrays.stream(values()).filter(template -> template.key().equals(key)).findFirst();
  }

  /**
   * The settings that the form describes.
   *
   * @throws org.attune.feedback.validation.InvalidFeedbackException if it breaks a rule
   */
  FeedbackSettings settings(Map<String, String> form) {
    boolean several = form.containsKey("several");
    boolean context = form.containsKey("context");
    int count = number(form.get("count"), 2, MOST_ANSWERS);
    int scale = number(form.get("scale"), 7, HIGHEST_RATING);
    List<String> labels = lines(form.getOrDefault("labels", ""));
    FeedbackDataset.Builder builder =
        switch (this) {
          case TEXT_CLASSIFICATION -> FeedbackTemplates.forTextClassification(labels, several);
          case PREFERENCE -> FeedbackTemplates.forPreferenceModeling(Math.max(2, count), context);
          case SUPERVISED_FINE_TUNING -> FeedbackTemplates.forSupervisedFineTuning(context);
          case PROMPT_RATING -> FeedbackTemplates.forProximalPolicyOptimization(scale, context);
          case QUESTION_ANSWERING -> FeedbackTemplates.forQuestionAnswering();
          case SUMMARIZATION -> FeedbackTemplates.forSummarization();
          case TRANSLATION -> FeedbackTemplates.forTranslation();
          case SENTENCE_SIMILARITY -> FeedbackTemplates.forSentenceSimilarity(scale);
          case NATURAL_LANGUAGE_INFERENCE ->
              labels.isEmpty()
                  ? FeedbackTemplates.forNaturalLanguageInference()
                  : FeedbackTemplates.forNaturalLanguageInference(labels);
          case RETRIEVAL -> FeedbackTemplates.forRetrievalAugmentedGeneration(count, scale);
          case MULTI_MODAL_CLASSIFICATION ->
              FeedbackTemplates.forMultiModalClassification(labels, several);
          case MULTI_MODAL_TRANSCRIPTION -> FeedbackTemplates.forMultiModalTranscription();
        };
    return builder.build().settings();
  }

  private static int number(@Nullable String text, int otherwise, int most) {
    if (text == null || !text.matches("\\d{1,3}")) {
      return otherwise;
    }
    return Math.max(1, Math.min(most, Integer.parseInt(text)));
  }

  static List<String> lines(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }
}
