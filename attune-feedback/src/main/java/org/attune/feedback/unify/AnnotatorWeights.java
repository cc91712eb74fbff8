package org.attune.feedback.unify;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.jspecify.annotations.Nullable;

/**
 * How much each person's answers to a question count: the share of the answers of others, about the
 * same records, that are equal to theirs.
 *
 * <p>One answer that agrees and one that does not are added to each count, so that somebody who
 * answered little counts a half or so, and nobody counts nothing.
 */
public final class AnnotatorWeights {

  private final String question;
  private final Map<String, Double> weights;

  private AnnotatorWeights(String question, Map<String, Double> weights) {
    this.question = question;
    this.weights = Map.copyOf(weights);
  }

  /** The weights by agreement in the submitted answers to a question. */
  public static AnnotatorWeights of(String question, Iterable<FeedbackRecord> records) {
    Map<String, Integer> equal = new HashMap<>();
    Map<String, Integer> compared = new HashMap<>();
    for (FeedbackRecord record : records) {
      List<Response> answered = answered(record, question);
      for (int one = 0; one < answered.size(); one++) {
        String user = name(answered.get(one));
        for (int other = 0; other < answered.size(); other++) {
          if (one != other) {
            compared.merge(user, 1, Integer::sum);
            if (Objects.equals(
                answered.get(one).value(question), answered.get(other).value(question))) {
              equal.merge(user, 1, Integer::sum);
            }
          }
        }
      }
    }
    Map<String, Double> weights = new HashMap<>();
    compared.forEach(
        (user, count) -> weights.put(user, (equal.getOrDefault(user, 0) + 1.0) / (count + 2.0)));
    return new AnnotatorWeights(question, weights);
  }

  /** The weight of a person; one half for those who share no record with others. */
  public double of(@Nullable String user) {
    return weights.getOrDefault(user == null ? "" : user, 0.5);
  }

  /** The weights of those who answered the question about a record, in the order of the answers. */
  public List<Double> of(FeedbackRecord record) {
    return answered(record, question).stream().map(response -> of(response.userId())).toList();
  }

  private static List<Response> answered(FeedbackRecord record, String question) {
    return record.submitted().filter(response -> response.value(question) != null).toList();
  }

  private static String name(Response response) {
    return Objects.requireNonNullElse(response.userId(), "");
  }
}
