package org.attune.feedback.question;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one or more labels; the answer is a non-empty list of different option values.
 *
 * @param visibleOptions how many options are shown before "more", or null for all
 * @param suggestedFirst whether suggested options are shown before the others
 */
public record MultiLabelQuestion(
    Heading heading, List<Option> options, @Nullable Integer visibleOptions, boolean suggestedFirst)
    implements Question {

  public MultiLabelQuestion {
    options = List.copyOf(options);
    Problems problems = Problems.none();
    heading.check(problems);
    Option.check(options, 2, 500, problems);
    Option.checkVisible(visibleOptions, options, problems);
    problems.throwIfAny("the multi-label question \"" + heading.name() + "\"");
  }

  public static MultiLabelQuestion of(String name, String... labels) {
    return of(name, Option.of(labels));
  }

  public static MultiLabelQuestion of(String name, List<Option> options) {
    return new MultiLabelQuestion(Heading.of(name), options, null, false);
  }

  @Override
  public MultiLabelQuestion with(Heading other) {
    return new MultiLabelQuestion(other, options, visibleOptions, suggestedFirst);
  }

  @Override
  public String type() {
    return "multi_label_selection";
  }

  @Override
  public void check(
      Object answer, boolean complete, Map<String, Object> fields, Problems problems) {
    if (!(answer instanceof List<?> labels)
        || labels.isEmpty()
        || new HashSet<>(labels).size() < labels.size()) {
      problems.add(
          name(),
          "must be a list of one or more different labels",
          answer,
          "Leave the question out if no label applies.");
      return;
    }
    List<String> known = Option.values(options);
    for (Object label : labels) {
      if (!known.contains(label)) {
        problems.add(
            name(),
            "must hold only labels out of " + Option.shown(options),
            label,
            "Correct the label, or add it to the question's options.");
      }
    }
  }
}
