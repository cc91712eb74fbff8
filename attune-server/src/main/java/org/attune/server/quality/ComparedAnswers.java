package org.attune.server.quality;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.record.FeedbackRecord;

/** Which records the agreement on a question is computed from. */
final class ComparedAnswers {

  /** Each distinct list of labels or ranks is compared with each other one. */
  private static final int MOST_DISTINCT = 2000;

  private ComparedAnswers() {}

  /** The first of some records, as many as their different answers allow. */
  static List<FeedbackRecord> of(Question question, List<FeedbackRecord> records) {
    if (!(question instanceof MultiLabelQuestion || question instanceof RankingQuestion)) {
      return records;
    }
    Set<Object> distinct = new HashSet<>();
    for (int i = 0; i < records.size(); i++) {
      records
          .get(i)
          .answers(question.name())
          .forEach(answer -> distinct.add(new HashSet<>((List<?>) answer)));
      if (distinct.size() > MOST_DISTINCT) {
        return records.subList(0, i);
      }
    }
    return records;
  }
}
