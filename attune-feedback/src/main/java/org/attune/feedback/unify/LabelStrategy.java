package org.attune.feedback.unify;

import java.util.List;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.Option;
import org.attune.feedback.question.Question;

/** How labels are unified. */
public enum LabelStrategy implements UnificationStrategy {
  /** The most frequent label; of equally frequent ones the one the question lists first. */
  MAJORITY {
    @Override
    public List<Object> unify(Question question, List<Object> answers) {
      List<String> labels =
          ((LabelQuestion) question).options().stream().map(Option::value).toList();
      return List.of(UnificationStrategy.mostFrequent(labels, answers));
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
