package org.attune.feedback.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.attune.data.InvalidInputException;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Option;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.Suggestion;

/**
 * How close the suggestions for a question come to answers.
 *
 * @param compared how many records have both
 * @param scores of labels {@code accuracy}, {@code precision}, {@code recall}, {@code f1} and
 *     {@code pearson}, by the position of the options; of lists of labels the same but the last; of
 *     ratings {@code spearman} as well; of texts {@code gleu}, {@code rouge1}, {@code rouge2} and
 *     {@code rougeL}; of rankings {@code ndcg}. Correlations are left out where one side does not
 *     vary, and scores of classes where ratings were unified to fractions.
 * @param confusion of labels and ratings, from what was answered to how often each was suggested
 */
public record ModelMetrics(
    String question,
    int compared,
    Map<String, Double> scores,
    Map<String, Map<String, Integer>> confusion) {

  public ModelMetrics {
    scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
    confusion = Collections.unmodifiableMap(new LinkedHashMap<>(confusion));
  }

  /** A suggestion and the answer that it is compared with. */
  private record Pair(Object suggestion, Object answer) {}

  /**
   * The metrics of the records that have a suggestion and an answer.
   *
   * @param answer the answer of a record, if it has one
   * @throws InvalidInputException if there are no such records, or no metrics for such questions
   */
  public static ModelMetrics of(
      Question question,
      List<FeedbackRecord> records,
      Function<FeedbackRecord, Optional<Object>> answer) {
    List<Pair> pairs = new ArrayList<>();
    for (FeedbackRecord record : records) {
      Optional<Object> suggestion =
          record.suggestions().stream()
              .filter(candidate -> candidate.question().equals(question.name()))
              .map(Suggestion::value)
              .filter(value -> isComplete(question, value))
              .findFirst();
      Optional<Object> given = answer.apply(record);
      if (suggestion.isPresent() && given.isPresent()) {
        pairs.add(new Pair(suggestion.get(), given.get()));
      }
    }
    if (pairs.isEmpty()) {
      throw new InvalidInputException(
          "No record has both a suggestion for \"%s\" and an answer. Add suggestions, or wait for answers."
              .formatted(question.name()));
    }
    Map<String, Double> scores = new LinkedHashMap<>();
    Map<String, Map<String, Integer>> confusion = score(question, pairs, scores);
    return new ModelMetrics(question.name(), pairs.size(), scores, confusion);
  }

  /**
   * The metrics of each person's submitted answers, by user; "" stands for nobody known. Only those
   * who answered about a record that has a suggestion are there.
   */
  public static Map<String, ModelMetrics> byUser(Question question, List<FeedbackRecord> records) {
    String name = question.name();
    Map<String, Map<FeedbackRecord, Object>> answers = new TreeMap<>();
    for (FeedbackRecord record : records) {
      boolean suggested =
          record.suggestions().stream().anyMatch(given -> given.question().equals(name));
      for (Response response : record.responses()) {
        Object answer = response.value(name);
        if (suggested && response.isSubmitted() && answer != null) {
          answers
              .computeIfAbsent(
                  Objects.requireNonNullElse(response.userId(), ""),
                  user -> new IdentityHashMap<>())
              .put(record, answer);
        }
      }
    }
    Map<String, ModelMetrics> metrics = new LinkedHashMap<>();
    answers.forEach(
        (user, theirs) ->
            metrics.put(
                user, of(question, records, record -> Optional.ofNullable(theirs.get(record)))));
    return metrics;
  }

  /** Suggested rankings may leave options out, which says nothing about their order. */
  private static boolean isComplete(Question question, Object suggestion) {
    return !(question instanceof RankingQuestion ranking)
        || ((List<?>) suggestion)
                .stream().filter(place -> ((RankedOption) place).rank() != null).count()
            == ranking.options().size();
  }

  private static Map<String, Map<String, Integer>> score(
      Question question, List<Pair> pairs, Map<String, Double> scores) {
    if (question instanceof LabelQuestion label) {
      List<String> order = label.options().stream().map(Option::value).toList();
      double[] suggested =
          pairs.stream().mapToDouble(pair -> order.indexOf(pair.suggestion())).toArray();
      double[] answered =
          pairs.stream().mapToDouble(pair -> order.indexOf(pair.answer())).toArray();
      Map<String, Map<String, Integer>> confusion = classes(pairs, scores);
      Correlation.pearson(suggested, answered).ifPresent(r -> scores.put("pearson", r));
      return confusion;
    }
    if (question instanceof RatingQuestion) {
      return ratings(pairs, scores);
    }
    if (question instanceof MultiLabelQuestion) {
      Classification counts = new Classification();
      pairs.forEach(pair -> counts.add(labels(pair.suggestion()), labels(pair.answer())));
      counts.writeTo(scores);
    } else if (question instanceof TextQuestion) {
      TextOverlap overlap = new TextOverlap();
      pairs.forEach(pair -> overlap.add((String) pair.suggestion(), (String) pair.answer()));
      overlap.writeTo(scores);
    } else if (question instanceof RankingQuestion) {
      scores.put(
          "ndcg",
          pairs.stream()
              .mapToDouble(
                  pair -> RankingGain.ndcg(ranking(pair.suggestion()), ranking(pair.answer())))
              .average()
              .orElseThrow());
    } else {
      throw new InvalidInputException(
          "There are no metrics for the %s question \"%s\"; ask for one with ratings, labels, texts or ranks."
              .formatted(question.type(), question.name()));
    }
    return Map.of();
  }

  private static Map<String, Map<String, Integer>> ratings(
      List<Pair> pairs, Map<String, Double> scores) {
    double[] suggested = pairs.stream().mapToDouble(pair -> number(pair.suggestion())).toArray();
    double[] answered = pairs.stream().mapToDouble(pair -> number(pair.answer())).toArray();
    boolean whole = Arrays.stream(answered).allMatch(n -> n == Math.rint(n));
    Map<String, Map<String, Integer>> confusion = whole ? classes(pairs, scores) : Map.of();
    Correlation.pearson(suggested, answered).ifPresent(r -> scores.put("pearson", r));
    Correlation.spearman(suggested, answered).ifPresent(rho -> scores.put("spearman", rho));
    return confusion;
  }

  private static Map<String, Map<String, Integer>> classes(
      List<Pair> pairs, Map<String, Double> scores) {
    Classification counts = new Classification();
    pairs.forEach(pair -> counts.add(name(pair.suggestion()), name(pair.answer())));
    counts.writeTo(scores);
    return counts.confusion();
  }

  private static double number(Object rating) {
    return ((Number) rating).doubleValue();
  }

  private static String name(Object value) {
    return value instanceof Number number
        ? String.valueOf(number.longValue())
        : String.valueOf(value);
  }

  private static Set<String> labels(Object value) {
    return ((List<?>) value)
        .stream().map(String::valueOf).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static List<RankedOption> ranking(Object value) {
    return ((List<?>) value).stream().map(RankedOption.class::cast).toList();
  }
}
