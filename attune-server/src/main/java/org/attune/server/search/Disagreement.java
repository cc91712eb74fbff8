package org.attune.server.search;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.TextQuestion;
import org.attune.server.record.StoredResponse;

/** How far people differ in their answers to a question about one record. */
final class Disagreement {

  private Disagreement() {}

  /**
   * The share of submitted answers that are not the most frequent one: 0 if all are alike. Texts
   * are not compared, since no two are alike, and fewer than two answers cannot differ.
   */
  static OptionalDouble of(Question question, List<StoredResponse> submitted) {
    if (question instanceof TextQuestion) {
      return OptionalDouble.empty();
    }
    Map<Object, Integer> counts = new HashMap<>();
    for (StoredResponse response : submitted) {
      Object answer =
          response.values().get(question.name()) instanceof Map<?, ?> holder
              ? holder.get("value")
              : null;
      if (answer != null) {
        counts.merge(comparable(answer), 1, Integer::sum);
      }
    }
    int answers = counts.values().stream().mapToInt(Integer::intValue).sum();
    if (answers < 2) {
      return OptionalDouble.empty();
    }
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return OptionalDouble.of(1 - (double) most / answers);
  }

  /** Labels, ranks and spans are the same in whatever order they were given. */
  private static Object comparable(Object answer) {
    return answer instanceof List<?> items ? new HashSet<>(items) : answer;
  }
}
