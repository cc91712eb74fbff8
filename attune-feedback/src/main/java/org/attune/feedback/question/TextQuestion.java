package org.attune.feedback.question;

import java.util.Map;
import org.attune.feedback.validation.Problems;

/** Asks for a text; the answer is a {@link String}. */
public record TextQuestion(Heading heading, boolean useMarkdown) implements Question {

  public TextQuestion {
    Problems problems = Problems.none();
    heading.check(problems);
    problems.throwIfAny("the text question \"" + heading.name() + "\"");
  }

  public static TextQuestion of(String name) {
    return new TextQuestion(Heading.of(name), false);
  }

  @Override
  public TextQuestion with(Heading other) {
    return new TextQuestion(other, useMarkdown);
  }

  /** The same question, its answers written and shown as Markdown. */
  public TextQuestion markdown() {
    return new TextQuestion(heading, true);
  }

  @Override
  public String type() {
    return "text";
  }

  @Override
  public void check(
      Object answer, boolean complete, Map<String, Object> fields, Problems problems) {
    if (!(answer instanceof String)) {
      problems.add(name(), "must be a text", answer, "Send a string.");
    }
  }
}
