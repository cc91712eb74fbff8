package org.attune.feedback.task;

import org.jspecify.annotations.Nullable;

/**
 * Two texts of which people prefer one.
 *
 * @param prompt what both answer, or null
 * @param margin by how much the chosen one is better, or null
 */
public record Preference(
    @Nullable String prompt, String chosen, String rejected, @Nullable Double margin) {

  public static Preference of(String chosen, String rejected) {
    return new Preference(null, chosen, rejected, null);
  }

  public static Preference of(String prompt, String chosen, String rejected) {
    return new Preference(prompt, chosen, rejected, null);
  }
}
