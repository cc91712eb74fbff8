package org.attune.feedback.agreement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import org.attune.data.InvalidInputException;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.jspecify.annotations.Nullable;

/**
 * How far people agree in their answers to one question.
 *
 * @param distance how answers are compared: {@code interval} for ratings, {@code nominal} for
 *     labels, {@code masi} for lists of labels and for the labels of each character of a text with
 *     spans, {@code kendall} for rankings
 * @param alpha Krippendorff's alpha, 1 for perfect agreement and 0 for chance; null if no record
 *     has two answers
 * @param records how many records have two or more answers
 * @param answers how many answers those records have
 */
public record Agreement(
    String question, String distance, @Nullable Double alpha, int records, int answers) {

  /** Whether there is an agreement for such questions: not for texts. */
  public static boolean isDefinedFor(Question question) {
    return question instanceof RatingQuestion
        || question instanceof LabelQuestion
        || question instanceof MultiLabelQuestion
        || question instanceof RankingQuestion
        || question instanceof SpanQuestion;
  }

  /**
   * The agreement of the submitted answers to a question.
   *
   * @throws InvalidInputException if there is none for such questions
   */
  public static Agreement of(Question question, List<FeedbackRecord> records) {
    if (question instanceof RatingQuestion) {
      List<List<Integer>> units = units(question, records, Integer.class::cast);
      return result(question, "interval", KrippendorffAlpha.interval(units), units);
    }
    if (question instanceof LabelQuestion) {
      List<List<Object>> units = units(question, records, answer -> answer);
      return result(question, "nominal", KrippendorffAlpha.of(units, Distances::nominal), units);
    }
    if (question instanceof MultiLabelQuestion) {
      List<List<Set<Object>>> units =
          units(question, records, answer -> new HashSet<>((List<?>) answer));
      return result(question, "masi", KrippendorffAlpha.of(units, Distances::masi), units);
    }
    if (question instanceof RankingQuestion) {
      List<List<List<RankedOption>>> units = units(question, records, Agreement::ranking);
      return result(question, "kendall", KrippendorffAlpha.of(units, Distances::kendall), units);
    }
    if (question instanceof SpanQuestion spans) {
      List<List<Object>> answered = units(question, records, answer -> answer);
      OptionalDouble alpha =
          KrippendorffAlpha.of(MarkedCharacters.of(spans, records), Distances::masi);
      return result(question, "masi", alpha, answered);
    }
    throw new InvalidInputException(
        "There is no agreement for the %s question \"%s\"; ask for one with ratings, labels, ranks or spans."
            .formatted(question.type(), question.name()));
  }

  private static <T> List<List<T>> units(
      Question question, List<FeedbackRecord> records, Function<Object, T> value) {
    List<List<T>> units = new ArrayList<>();
    for (FeedbackRecord record : records) {
      List<T> unit = record.answers(question.name()).map(value).toList();
      if (unit.size() >= 2) {
        units.add(unit);
      }
    }
    return units;
  }

  private static List<RankedOption> ranking(Object answer) {
    return ((List<?>) answer)
        .stream()
            .map(RankedOption.class::cast)
            .sorted(Comparator.comparing(RankedOption::value))
            .toList();
  }

  private static <T> Agreement result(
      Question question, String distance, OptionalDouble alpha, List<List<T>> units) {
    return new Agreement(
        question.name(),
        distance,
        alpha.isPresent() ? alpha.getAsDouble() : null,
        units.size(),
        units.stream().mapToInt(List::size).sum());
  }
}
