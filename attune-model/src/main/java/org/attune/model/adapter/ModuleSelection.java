package org.attune.model.adapter;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Modules of a model, named as PEFT names them: by a list of names, each of which means every
 * module whose path is it or ends with it after a dot; or by one regular expression that matches
 * whole paths.
 *
 * @param names empty where there is an expression
 * @param expression null where there are names
 */
public record ModuleSelection(List<String> names, @Nullable String expression) {
  /** Nothing; as targets, what is usual for the model's family. */
  public static final ModuleSelection NONE = new ModuleSelection(List.of(), null);

  /** Every linear layer but the output layer. */
  public static final ModuleSelection ALL_LINEAR = matching("all-linear");

  public ModuleSelection {
    names = List.copyOf(names);
    if (expression != null) {
      Pattern.compile(expression);
    }
  }

  public static ModuleSelection named(String... names) {
    return new ModuleSelection(List.of(names), null);
  }

  /**
   * Modules whose whole path matches.
   *
   * @throws java.util.regex.PatternSyntaxException if it is no regular expression
   */
  public static ModuleSelection matching(String expression) {
    return new ModuleSelection(List.of(), expression);
  }

  public boolean isEmpty() {
    return names.isEmpty() && expression == null;
  }

  /** Whether a module's path is meant. */
  public boolean covers(String module) {
    return expression != null
        ? module.matches(expression)
        : names.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
  }

  @Override
  public String toString() {
    return expression != null ? "\"" + expression + "\"" : names.toString();
  }
}
