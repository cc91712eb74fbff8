package org.attune.run;

import org.jspecify.annotations.Nullable;

/**
 * One broken rule of a configuration.
 *
 * @param key kebab-case path of the setting, such as {@code training.batch-size}
 * @param value the value as the user gave it, or null where none was given
 * @param rule what the value has to fulfil, such as {@code "must be > 0"}
 * @param fix the way out, a whole sentence
 * @param place where the value stands, such as {@code run.yaml:4:15}, or null for a configuration
 *     made in Java
 */
public record ConfigurationProblem(
    String key, @Nullable String value, String rule, String fix, @Nullable String place) {

  /** This problem, found at {@code place}. */
  public ConfigurationProblem at(String place) {
    return new ConfigurationProblem(key, value, rule, fix, place);
  }

  @Override
  public String toString() {
    String where = place == null ? "" : place + ": ";
    String but = value == null ? "" : " but was " + value;
    return where + key + " " + rule + but + ". " + fix;
  }
}
