package org.attune.feedback.validation;

import java.util.List;
import java.util.stream.Collectors;

/** Settings, records or answers that break the rules of a feedback dataset; nothing was changed. */
public final class InvalidFeedbackException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 20;

  private final transient List<Problem> problems;

  public InvalidFeedbackException(String subject, List<Problem> problems) {
    super(message(subject, problems));
    this.problems = List.copyOf(problems);
  }

  /** Every broken rule, also those the message leaves out. */
  public List<Problem> problems() {
    return problems;
  }

  private static String message(String subject, List<Problem> problems) {
    String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
    String more = problems.size() > SHOWN ? "\n  … and " + (problems.size() - SHOWN) + " more" : "";
    return problems.stream()
        .limit(SHOWN)
        .map(problem -> "  " + problem)
        .collect(Collectors.joining("\n", count + " in " + subject + ":\n", more));
  }
}
