package org.attune.server.quality;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.storage.Transaction;

/** Answered records in the order of review: the more people disagree, the earlier. */
final class ReviewQueue {

  private ReviewQueue() {}

  /**
   * A record to review.
   *
   * @param disagreement the largest share of answers to a question that are not the most frequent
   *     one; texts are not compared, since no two are alike
   */
  record Entry(String recordId, double disagreement) {}

  static List<Entry> of(Transaction transaction, DatasetSettings settings) {
    List<Entry> entries = new ArrayList<>();
    List<Question> compared =
        settings.feedback().questions().stream()
            .filter(question -> !(question instanceof TextQuestion))
            .toList();
    SubmittedAnswers.each(
        transaction,
        settings,
        record -> entries.add(new Entry(record.id(), disagreement(record, compared))));
    entries.sort(
        Comparator.comparingDouble(Entry::disagreement).reversed().thenComparing(Entry::recordId));
    return entries;
  }

  private static double disagreement(FeedbackRecord record, List<Question> compared) {
    double largest = 0;
    for (Question question : compared) {
      List<Object> answers = record.answers(question.name()).toList();
      Map<Object, Integer> counts = new HashMap<>();
      answers.forEach(answer -> counts.merge(answer, 1, Integer::sum));
      int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
      if (!answers.isEmpty()) {
        largest = Math.max(largest, 1 - (double) most / answers.size());
      }
    }
    return largest;
  }
}
