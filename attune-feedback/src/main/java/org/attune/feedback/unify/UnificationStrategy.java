package org.attune.feedback.unify;

import java.util.Arrays;
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
    permits RatingStrategy, LabelStrategy, MultiLabelStrategy, RankingStrategy, TextStrategy {

  String name();

  /**
   * Unifies the submitted answers to one question about one record.
   *
   * @param answers at least one, valid for the question
   * @return one answer, or several where the strategy keeps them all
   * @throws ClassCastException if the question is of another kind; see {@link #forQuestion}
   */
  List<Object> unify(Question question, List<Object> answers);

  /** The strategy as commands and files spell it, such as {@code mean-truncated}. */
  default String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The strategies a question may be unified with, the default first; none for spans. */
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
      return List.of();
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
            .formatted(
                question.type(),
                question.name(),
                key,
                keys.isEmpty()
                    ? "Answers to such questions cannot be unified."
                    : "Use one of " + keys + "."));
  }

  /** The most frequent of some candidates; of equally frequent ones the first candidate. */
  static <T> T mostFrequent(List<T> candidates, List<?> answers) {
    long[] counts =
        candidates.stream()
            .mapToLong(candidate -> answers.stream().filter(candidate::equals).count())
            .toArray();
    long highest = Arrays.stream(counts).max().orElse(0);
    int index = 0;
    while (counts[index] < highest) {
      index++;
    }
    return candidates.get(index);
  }
}
