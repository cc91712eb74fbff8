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
      return List.of(UnificationStrategy.mostFrequent(labels(question), answers));
    }
  },
  /**
   * The label whose people weigh most, who weigh by how often they agree with others: see {@link
   * AnnotatorWeights}. Without weights the same as {@link #MAJORITY}.
   */
  MAJORITY_WEIGHTED {
    @Override
    public List<Object> unify(Question question, List<Object> answers) {
      return MAJORITY.unify(question, answers);
    }

    @Override
    public List<Object> unify(Question question, List<Object> answers, List<Double> weights) {
      return List.of(UnificationStrategy.weightiest(labels(question), answers, weights));
    }
  },
  /** Every answer is kept. */
  DISAGREEMENT {
    @Override
    public List<Object> unify(Question question, List<Object> answers) {
      return List.copyOf(answers);
    }
  };

  private static List<String> labels(Question question) {
    return ((LabelQuestion) question).options().stream().map(Option::value).toList();
  }
}
