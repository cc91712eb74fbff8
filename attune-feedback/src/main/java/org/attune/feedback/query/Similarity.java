package org.attune.feedback.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Nearness of a record's vector, by the cosine of the angle, to that of another record or to a
 * given one.
 *
 * @param vector the name of the vector in the settings
 * @param recordId the record to compare with; null if a value is given
 * @param value the components to compare with; empty if a record is given
 * @param least whether the least similar records are wanted
 */
public record Similarity(
    String vector, @Nullable String recordId, List<Double> value, boolean least) {

  public Similarity {
    value = List.copyOf(value);
  }

  /** Nearness to a record, which is itself left out of what is found. */
  public static Similarity toRecord(String vector, String recordId) {
    return new Similarity(vector, recordId, List.of(), false);
  }

  public static Similarity to(String vector, List<Double> value) {
    return new Similarity(vector, null, value, false);
  }

  /** The same, with the least similar records first. */
  public Similarity leastSimilar() {
    return new Similarity(vector, recordId, value, true);
  }
}
