package org.attune.feedback.question;

import java.util.List;
import java.util.Map;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Asks for exactly one label; the answer is a {@link String}, the value of an option.
 *
 * @param visibleOptions how many options are shown before "more", or null for all
 */
public record LabelQuestion(Heading heading, List<Option> options, @Nullable Integer visibleOptions)
    implements Question {

  public LabelQuestion {
    options = List.copyOf(options);
    Problems problems = Problems.none();
    heading.check(problems);
    Option.check(options, 2, 500, problems);
    Option.checkVisible(visibleOptions, options, problems);
    problems.throwIfAny("the label question \"" + heading.name() + "\"");
  }

  public static LabelQuestion of(String name, String... labels) {
    return of(name, Option.of(labels));
  }

  public static LabelQuestion of(String name, List<Option> options) {
    return new LabelQuestion(Heading.of(name), options, null);
  }

  @Override
  public LabelQuestion with(Heading other) {
    return new LabelQuestion(other, options, visibleOptions);
  }

  @Override
  public String type() {
    return "label_selection";
  }

  @Override
  public void check(
      Object answer, boolean complete, Map<String, Object> fields, Problems problems) {
    if (!(answer instanceof String) || !Option.values(options).contains(answer)) {
      problems.add(
          name(),
          "must be one of " + Option.shown(options),
          answer,
          "Correct the label, or add it to the question's options.");
    }
  }
}
