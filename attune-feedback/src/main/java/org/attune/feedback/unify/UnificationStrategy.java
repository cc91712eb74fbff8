package org.attune.feedback.unify;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.attune.data.InvalidInputException;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.question.TextQuestion;

/** A way to make one answer out of those of several people. Never random: see each strategy. */
public sealed interface UnificationStrategy
    permits RatingStrategy,
        LabelStrategy,
        MultiLabelStrategy,
        RankingStrategy,
        TextStrategy,
        SpanStrategy {

  String name();

  /**
   * Unifies the submitted answers to one question about one record.
   *
   * @param answers at least one, valid for the question
   * @return one answer, or several where the strategy keeps them all
   * @throws ClassCastException if the question is of another kind; see {@link #forQuestion}
   */
  List<Object> unify(Question question, List<Object> answers);

  /**
   * Unifies answers of which some count more than others. Most strategies take all as equal.
   *
   * @param weights one for each answer
   */
  default List<Object> unify(Question question, List<Object> answers, List<Double> weights) {
    return unify(question, answers);
  }

  /** The strategy as commands and files spell it, such as {@code mean-truncated}. */
  default String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The strategies a question may be unified with, the default first. */
  static List<UnificationStrategy> forQuestion(Question question) {
    if (question instanceof RatingQuestion) {
      return List.of(RatingStrategy.values());
    }
    if (question instanceof LabelQuestion) {
      return List.of(LabelStrategy.values());
    }
    if (question instanceof MultiLabelQuestion) {
      return List.of(MultiLabelStrategy.values());
    }
    if (question instanceof RankingQuestion) {
      return List.of(RankingStrategy.values());
    }
    if (question instanceof TextQuestion) {
      return List.of(TextStrategy.values());
    }
    if (question instanceof SpanQuestion) {
      return List.of(SpanStrategy.values());
    }
    throw new IllegalArgumentException("No strategies are known for " + question.type() + ".");
  }

  /**
   * The strategy of that key for a question.
   *
   * @throws IllegalArgumentException if the question has no such strategy
   */
  static UnificationStrategy of(Question question, String key) {
    return forQuestion(question).stream()
        .filter(strategy -> strategy.key().equals(key))
        .findFirst()
        .orElseThrow(() -> unsuitable(question, key));
  }

  /** The error that names the strategies a question has. */
  static IllegalArgumentException unsuitable(Question question, String key) {
    List<String> keys = forQuestion(question).stream().map(UnificationStrategy::key).toList();
    return new InvalidInputException(
        "The %s question \"%s\" cannot be unified by \"%s\". %s"
            .formatted(question.type(), question.name(), key, "Use one of " + keys + "."));
  }

  /** The most frequent of some candidates; of equally frequent ones the first candidate. */
  static <T> T mostFrequent(List<T> candidates, List<?> answers) {
    return weightiest(candidates, answers, Collections.nCopies(answers.size(), 1.0));
  }

  /** The candidate whose answers weigh most; of equally weighty ones the first candidate. */
  static <T> T weightiest(List<T> candidates, List<?> answers, List<Double> weights) {
    int best = 0;
    double highest = 0;
    for (int index = 0; index < candidates.size(); index++) {
      double weight = 0;
      for (int answer = 0; answer < answers.size(); answer++) {
        weight += candidates.get(index).equals(answers.get(answer)) ? weights.get(answer) : 0;
      }
      if (weight > highest) {
        best = index;
        highest = weight;
      }
    }
    return candidates.get(best);
  }
}
