package org.attune.train.session;

import java.util.Map;

/** Is told how far a piece of long work has come. */
public interface Progress {
  /** Tells nobody. */
  Progress NONE = (what, done, total, figures) -> {};

  /**
   * Takes note of progress; called on the thread that works.
   *
   * @param what the work, such as {@code "SFT"}
   * @param done units done so far
   * @param total units in all
   * @param figures the newest measurements, by name; may be empty
   */
  void report(String what, long done, long total, Map<String, Double> figures);

  /**
   * Says something about the work, such as a quantity that was derived from its settings and why.
   */
  default void note(String fact) {}
}
