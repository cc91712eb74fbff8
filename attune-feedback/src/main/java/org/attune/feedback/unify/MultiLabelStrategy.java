package org.attune.feedback.unify;

import java.util.List;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Option;
import org.attune.feedback.question.Question;

/** How lists of labels are unified. */
public enum MultiLabelStrategy implements UnificationStrategy {
  /**
   * The labels that more than half of the people chose, in the question's order. If there are none,
   * the one label most often chosen; of equally frequent ones the one the question lists first.
   */
  MAJORITY {
    @Override
    public List<Object> unify(Question question, List<Object> answers) {
      List<String> labels =
          ((MultiLabelQuestion) question).options().stream().map(Option::value).toList();
      List<?> chosen = answers.stream().flatMap(answer -> ((List<?>) answer).stream()).toList();
      List<String> majority =
          labels.stream()
              .filter(label -> 2 * chosen.stream().filter(label::equals).count() > answers.size())
              .toList();
      return List.of(
          majority.isEmpty()
              ? List.of(UnificationStrategy.mostFrequent(labels, chosen))
              : majority);
    }
  },
  /** Every answer is kept. */
  DISAGREEMENT {
    @Override
    public List<Object> unify(Question question, List<Object> answers) {
      return List.copyOf(answers);
    }
  }
}
