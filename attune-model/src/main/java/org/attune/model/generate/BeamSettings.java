package org.attune.model.generate;

/**
 * Beam search: several continuations grow side by side, and the likeliest stay.
 *
 * @param beams how many; 1 is no beam search, the default
 * @param lengthPenalty a finished beam scores log p / length^penalty; above 0 favours long ones;
 *     default 1
 * @param earlyStopping when the search ends; default {@link EarlyStopping#NO}
 */
public record BeamSettings(int beams, double lengthPenalty, EarlyStopping earlyStopping) {
  /** When a beam search ends, before the length limit. */
  public enum EarlyStopping {
    /** As soon as there are as many finished beams as asked for. */
    YES,
    /** When no growing beam, at its present length, would score better than the finished ones. */
    NO,
    /**
     * When no growing beam can score better any more, at the length that is best for it: the
     * longest if the length penalty is positive.
     */
    NEVER
  }

  void check(Problems problems) {
    problems.require(beams >= 1, "beams must be >= 1 but was %s. Use 1 for no beam search.", beams);
    problems.require(
        Double.isFinite(lengthPenalty),
        "length-penalty must be a finite number but was %s. Use 1 for the mean log-probability.",
        lengthPenalty);
  }
}
