package org.attune.server.webhook;

import java.time.Duration;

/**
 * How long an event waits for its receiver.
 *
 * @param answer the longest time that a receiver may take to answer
 * @param firstPause before an event is sent again; each further pause is twice as long
 * @param longestPause the longest time between two attempts
 * @param attempts how often an event is sent to a receiver that answers, but refuses it
 * @param age how old an event may get while its receiver cannot be reached
 */
public record Patience(
    Duration answer, Duration firstPause, Duration longestPause, int attempts, Duration age) {

  public static final Patience DEFAULT =
      new Patience(
          Duration.ofSeconds(20),
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          5,
          Duration.ofDays(1));

  /** The pause after so many failures in a row. */
  Duration pause(int failures) {
    Duration pause = firstPause;
    for (int i = 1; i < failures && pause.compareTo(longestPause) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }
}
