package org.attune.feedback.unify;

import java.util.Arrays;
import java.util.List;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RatingQuestion;

/** How ratings are unified. */
public enum RatingStrategy implements UnificationStrategy {
  /** The arithmetic mean, a {@link Double}. */
  MEAN {
    @Override
    Object unify(RatingQuestion question, int[] sorted) {
      return mean(sorted);
    }
  },
  /** The mean without its fraction, an {@link Integer}: what Argilla 1.x calls mean. */
  MEAN_TRUNCATED {
    @Override
    Object unify(RatingQuestion question, int[] sorted) {
      return (int) mean(sorted);
    }
  },
  /** The middle rating, or halfway between the middle two; a {@link Double}. */
  MEDIAN {
    @Override
    Object unify(RatingQuestion question, int[] sorted) {
      return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2.0;
    }
  },
  /** The most frequent rating; of equally frequent ones the one the question lists first. */
  MAJORITY {
    @Override
    Object unify(RatingQuestion question, int[] sorted) {
      return UnificationStrategy.mostFrequent(
          question.values(), Arrays.stream(sorted).boxed().toList());
    }
  },
  /** The highest rating. */
  MAX {
    @Override
    Object unify(RatingQuestion question, int[] sorted) {
      return sorted[sorted.length - 1];
    }
  },
  /** The lowest rating. */
  MIN {
    @Override
    Object unify(RatingQuestion question, int[] sorted) {
      return sorted[0];
    }
  };

  abstract Object unify(RatingQuestion question, int[] sorted);

  @Override
  public List<Object> unify(Question question, List<Object> answers) {
    int[] sorted = answers.stream().mapToInt(Integer.class::cast).sorted().toArray();
    return List.of(unify((RatingQuestion) question, sorted));
  }

  private static double mean(int[] ratings) {
    return Arrays.stream(ratings).average().orElseThrow();
  }
}
