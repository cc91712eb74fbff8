package org.attune.feedback.unify;

import java.util.List;
import org.attune.feedback.question.Question;

/** How texts are unified. */
public enum TextStrategy implements UnificationStrategy {
  /** Every answer is kept. */
  DISAGREEMENT {
    @Override
    public List<Object> unify(Question question, List<Object> answers) {
      return List.copyOf(answers);
    }
  }
}
