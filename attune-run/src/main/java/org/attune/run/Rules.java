package org.attune.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects the broken rules of one configuration section, so that a user sees all of them at once.
 *
 * <p>A record's compact constructor checks each rule with {@link #check} and ends with {@link
 * #throwIfBroken}. A builder of several sections builds each with {@link #section} and the whole
 * with {@link #whole}.
 */
public final class Rules {
  private final String prefix;
  private final List<ConfigurationProblem> problems = new ArrayList<>();

  private Rules(String prefix) {
    this.prefix = prefix;
  }

  /** Rules of a whole run's configuration: keys are full paths. */
  public static Rules ofRun() {
    return new Rules("");
  }

  /** Rules of the section {@code name}: keys are relative to it. */
  public static Rules ofSection(String name) {
    return new Rules(name + ".");
  }

  /** Notes a problem unless {@code holds}. */
  public void check(boolean holds, String key, @Nullable Object value, String rule, String fix) {
    if (!holds) {
      String shown = value == null ? null : value.toString();
      problems.add(new ConfigurationProblem(prefix + key, shown, rule, fix, null));
    }
  }

  /** Notes a problem if a value that cannot be left out was left out. */
  public void checkGiven(boolean isGiven, String key, String fix) {
    check(isGiven, key, null, "is missing", fix);
  }

  /** The rules of the settings that all runs have and that no section covers. */
  public void checkRun(Path runDir, String model, @Nullable String tokenizer) {
    checkGiven(
        !runDir.toString().isEmpty(), "run-dir", "Name the run's folder, such as runs/first.");
    checkGiven(
        !model.isBlank(), "model", "Name the model to start from, such as bundled/stories260k.");
    check(
        tokenizer == null || !tokenizer.isBlank(),
        "tokenizer",
        "\"" + tokenizer + "\"",
        "must not be blank",
        "Leave it out to use the model's own tokenizer.");
  }

  public void throwIfBroken() {
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  /**
   * The section that {@code builder} makes; if it breaks its rules, they are noted and {@code
   * standIn} takes its place, so that the remaining sections can be checked as well.
   */
  public <T> T section(Supplier<T> builder, Supplier<T> standIn) {
    try {
      return builder.get();
    } catch (InvalidConfigurationException e) {
      problems.addAll(e.problems());
      return standIn.get();
    }
  }

  /**
   * The configuration that {@code builder} makes of the sections before.
   *
   * @throws InvalidConfigurationException with the problems of all sections and of the whole
   */
  public <T> T whole(Supplier<T> builder) {
    T made = null;
    try {
      made = builder.get();
    } catch (InvalidConfigurationException e) {
      problems.addAll(e.problems());
    }
    throwIfBroken();
    return Objects.requireNonNull(made);
  }
}
