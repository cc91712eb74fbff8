package org.attune.feedback.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer proposed to the annotators, at most one for each question of a record.
 *
 * @param value as in a draft response
 * @param scores from 0 to 1: none, one, or one for each item of a list value
 * @param agent who or what proposed it, such as a model's name
 */
public record Suggestion(
    String question,
    Object value,
    @Nullable Source source,
    List<Double> scores,
    @Nullable String agent) {

  /** What kind of agent proposed it. */
  public enum Source {
    MODEL,
    HUMAN
  }

  public Suggestion {
    scores = List.copyOf(scores);
  }

  public static Suggestion of(String question, Object value) {
    return new Suggestion(question, value, null, List.of(), null);
  }

  /** The same suggestion, made by a model. */
  public Suggestion byModel(String name, double score) {
    return new Suggestion(question, value, Source.MODEL, List.of(score), name);
  }

  /** The same suggestion, made by a person. */
  public Suggestion byHuman(String name) {
    return new Suggestion(question, value, Source.HUMAN, scores, name);
  }
}
