package org.attune.feedback.template;

import java.util.ArrayList;
import java.util.List;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Option;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.TextQuestion;

/**
 * Datasets for common kinds of feedback, with the names that other tools use for them. Each may be
 * extended before it is built: guidelines, more questions, metadata.
 */
public final class FeedbackTemplates {

  private FeedbackTemplates() {}

  /** Which label, or which labels, fit a text. */
  public static FeedbackDataset.Builder forTextClassification(
      List<String> labels, boolean multiLabel) {
    return builder(
            "Read the text and choose the " + (multiLabel ? "labels" : "label") + " that fit it.")
        .field(TextField.of("text"))
        .question(labels("label", labels, multiLabel));
  }

  public static FeedbackDataset.Builder forQuestionAnswering() {
    return builder("Answer the question with the help of the context.")
        .field(TextField.of("question"))
        .field(TextField.of("context"))
        .question(TextQuestion.of("answer"));
  }

  public static FeedbackDataset.Builder forSummarization() {
    return builder("Write a summary of the text.")
        .field(TextField.of("text"))
        .question(TextQuestion.of("summary"));
  }

  public static FeedbackDataset.Builder forTranslation() {
    return builder("Translate the text.")
        .field(TextField.of("source"))
        .question(TextQuestion.of("target"));
  }

  /** How similar two sentences are, from 1 to {@code ratingScale}. */
  public static FeedbackDataset.Builder forSentenceSimilarity(int ratingScale) {
    return builder("Rate how similar the two sentences are.")
        .field(TextField.of("sentence-1"))
        .field(TextField.of("sentence-2"))
        .question(RatingQuestion.of("similarity", 1, ratingScale));
  }

  /** Whether a hypothesis follows from a premise. */
  public static FeedbackDataset.Builder forNaturalLanguageInference() {
    return forNaturalLanguageInference(List.of("entailment", "neutral", "contradiction"));
  }

  public static FeedbackDataset.Builder forNaturalLanguageInference(List<String> labels) {
    return builder("Say how the hypothesis relates to the premise.")
        .field(TextField.of("premise"))
        .field(TextField.of("hypothesis"))
        .question(labels("label", labels, false));
  }

  /** What a model should answer to a prompt. */
  public static FeedbackDataset.Builder forSupervisedFineTuning(boolean context) {
    return prompt("Write a response to the prompt.", context).question(TextQuestion.of("response"));
  }

  /** Which of several responses to a prompt is better. */
  public static FeedbackDataset.Builder forPreferenceModeling(
      int numberOfResponses, boolean context) {
    FeedbackDataset.Builder builder = prompt("Rank the responses, best first.", context);
    List<String> responses = numbered("response", numberOfResponses);
    addFirstRequired(builder, responses);
    return builder.question(
        RankingQuestion.of("preference", responses.stream().map(Option::of).toList()));
  }

  /** How good a prompt is to practise on, from 1 to {@code ratingScale}. */
  public static FeedbackDataset.Builder forProximalPolicyOptimization(
      int ratingScale, boolean context) {
    return prompt("Rate the prompt.", context)
        .question(RatingQuestion.of("prompt", 1, ratingScale));
  }

  /** The same as {@link #forPreferenceModeling}. */
  public static FeedbackDataset.Builder forDirectPreferenceOptimization(
      int numberOfResponses, boolean context) {
    return forPreferenceModeling(numberOfResponses, context);
  }

  /** How useful retrieved documents are, and what to answer from them. */
  public static FeedbackDataset.Builder forRetrievalAugmentedGeneration(
      int numberOfRetrievals, int ratingScale) {
    FeedbackDataset.Builder builder =
        builder("Rate each document for the query and write a response.")
            .field(TextField.of("query"));
    List<String> documents = numbered("retrieved_document_", numberOfRetrievals);
    addFirstRequired(builder, documents);
    for (String document : documents) {
      Question rating = RatingQuestion.of("rating_" + document, 1, ratingScale);
      builder.question(document.equals(documents.get(0)) ? rating : rating.optional());
    }
    return builder.question(TextQuestion.of("response").optional());
  }

  /** Which label, or which labels, fit a picture, sound or film shown in Markdown. */
  public static FeedbackDataset.Builder forMultiModalClassification(
      List<String> labels, boolean multiLabel) {
    return builder("Look at the content and choose what fits it.")
        .field(TextField.of("content").markdown())
        .question(labels("label", labels, multiLabel));
  }

  /** What a picture, sound or film shown in Markdown holds, in words. */
  public static FeedbackDataset.Builder forMultiModalTranscription() {
    return builder("Describe the content.")
        .field(TextField.of("content").markdown())
        .question(TextQuestion.of("description"));
  }

  private static FeedbackDataset.Builder builder(String guidelines) {
    return FeedbackDataset.builder().guidelines(guidelines);
  }

  private static FeedbackDataset.Builder prompt(String guidelines, boolean context) {
    FeedbackDataset.Builder builder = builder(guidelines).field(TextField.of("prompt"));
    return context ? builder.field(TextField.of("context").optional()) : builder;
  }

  private static void addFirstRequired(FeedbackDataset.Builder builder, List<String> names) {
    for (String name : names) {
      TextField field = TextField.of(name);
      builder.field(name.equals(names.get(0)) ? field : field.optional());
    }
  }

  private static List<String> numbered(String name, int count) {
    List<String> names = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      names.add(name + number);
    }
    return names;
  }

  private static Question labels(String name, List<String> labels, boolean multiLabel) {
    List<Option> options = labels.stream().map(Option::of).toList();
    return multiLabel ? MultiLabelQuestion.of(name, options) : LabelQuestion.of(name, options);
  }
}
