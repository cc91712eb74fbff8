package org.attune.run;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration breaks its rules; every broken rule is listed, not only the first. */
public final class InvalidConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<ConfigurationProblem> problems;

  public InvalidConfigurationException(List<ConfigurationProblem> problems) {
    super(describe(problems));
    this.problems = List.copyOf(problems);
  }

  /** The broken rules, in the order in which they were found; never empty. */
  public List<ConfigurationProblem> problems() {
    return problems;
  }

  private static String describe(List<ConfigurationProblem> problems) {
    String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
    return problems.stream()
        .map(problem -> "  " + problem)
        .collect(Collectors.joining("\n", count + " in the configuration:\n", ""));
  }
}
