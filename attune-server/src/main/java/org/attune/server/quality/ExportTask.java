package org.attune.server.quality;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.task.SimilarSentences;
import org.attune.feedback.task.TrainingTask;
import org.attune.feedback.unify.UnificationStrategy;
import org.attune.server.quality.ExportColumn.Kind;

/**
 * A task whose rows a dataset can be exported as. Those without columns take what they need from
 * fields and questions of the usual names.
 */
enum ExportTask {
  SUPERVISED_FINE_TUNING,
  PROMPT_COMPLETION,
  REWARD_MODELING,
  DIRECT_PREFERENCE_OPTIMIZATION,
  PROXIMAL_POLICY_OPTIMIZATION,
  CHAT_COMPLETION,
  TEXT_GENERATION,
  TEXT_CLASSIFICATION,
  QUESTION_ANSWERING,
  SENTENCE_SIMILARITY;

  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What has to be said about the rows. */
  public List<ExportColumn> columns() {
    return switch (this) {
      case TEXT_GENERATION -> List.of(new ExportColumn("text", Kind.FIELD, 0));
      case TEXT_CLASSIFICATION ->
          List.of(
              new ExportColumn("text", Kind.FIELD, 0), new ExportColumn("label", Kind.LABEL, 0));
      case QUESTION_ANSWERING ->
          List.of(
              new ExportColumn("question", Kind.FIELD, 0),
              new ExportColumn("context", Kind.FIELD, 1),
              new ExportColumn("answer", Kind.ANSWER, 0));
      case SENTENCE_SIMILARITY ->
          List.of(
              new ExportColumn("first", Kind.FIELD, 0),
              new ExportColumn("second", Kind.FIELD, 1),
              new ExportColumn("rating", Kind.RATING, 0));
      case SUPERVISED_FINE_TUNING,
          PROMPT_COMPLETION,
          REWARD_MODELING,
          DIRECT_PREFERENCE_OPTIMIZATION,
          PROXIMAL_POLICY_OPTIMIZATION,
          CHAT_COMPLETION ->
          List.of();
    };
  }

  static Optional<ExportTask> of(String key) {
    return Arrays.stream(values()).filter(task -> task.key().equals(key)).findFirst();
  }

  /**
   * The task with what fills its columns.
   *
   * @param filled from the key of each column to the name of a field or question
   * @param strategies how answers are unified, by question
   */
  TrainingTask task(Map<String, String> filled, Map<String, UnificationStrategy> strategies) {
    return switch (this) {
      case SUPERVISED_FINE_TUNING -> TrainingTask.supervisedFineTuning();
      case PROMPT_COMPLETION -> TrainingTask.promptCompletion();
      case REWARD_MODELING -> TrainingTask.rewardModeling();
      case DIRECT_PREFERENCE_OPTIMIZATION -> TrainingTask.directPreferenceOptimization();
      case PROXIMAL_POLICY_OPTIMIZATION -> TrainingTask.proximalPolicyOptimization();
      case CHAT_COMPLETION -> TrainingTask.chatCompletion();
      case TEXT_GENERATION -> TrainingTask.textGeneration(of(filled, "text"));
      case TEXT_CLASSIFICATION ->
          TrainingTask.textClassification(
              of(filled, "text"), of(filled, "label"), of(strategies, of(filled, "label")));
      case QUESTION_ANSWERING ->
          TrainingTask.questionAnswering(
              of(filled, "question"), of(filled, "context"), of(filled, "answer"));
      case SENTENCE_SIMILARITY ->
          TrainingTask.sentenceSimilarity(record -> sentences(record, filled));
    };
  }

  private static <T> T of(Map<String, T> map, String key) {
    T value = map.get(key);
    if (value == null) {
      throw new IllegalStateException("nothing was chosen for " + key);
    }
    return value;
  }

  private static Stream<SimilarSentences> sentences(
      FeedbackRecord record, Map<String, String> filled) {
    Optional<String> first = record.optionalText(of(filled, "first"));
    Optional<String> second = record.optionalText(of(filled, "second"));
    if (first.isEmpty() || second.isEmpty()) {
      return Stream.empty();
    }
    return record.unified(of(filled, "rating")).stream()
        .map(answer -> Double.parseDouble(String.valueOf(answer.value())))
        .map(rating -> SimilarSentences.of(first.get(), second.get(), rating));
  }
}
