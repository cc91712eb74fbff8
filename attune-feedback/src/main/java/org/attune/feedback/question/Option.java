package org.attune.feedback.question;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * One choice of a label, multi-label, ranking or span question.
 *
 * @param value what answers hold
 * @param text what people read
 * @param description a longer explanation, or null
 */
public record Option(String value, String text, @Nullable String description) {

  private static final int LONGEST_VALUE = 200;
  private static final int LONGEST_TEXT = 500;
  private static final int LONGEST_DESCRIPTION = 1000;

  public Option(String value, String text) {
    this(value, text, null);
  }

  public static Option of(String value) {
    return new Option(value, value);
  }

  /** Options whose text is their value. */
  public static List<Option> of(String... values) {
    return Arrays.stream(values).map(Option::of).toList();
  }

  /** Options from value to text, in the order of the map. */
  public static List<Option> of(Map<String, String> texts) {
    return texts.entrySet().stream()
        .map(entry -> new Option(entry.getKey(), entry.getValue()))
        .toList();
  }

  static List<String> values(List<Option> options) {
    return options.stream().map(Option::value).toList();
  }

  static String shown(List<Option> options) {
    int most = 20;
    String shown =
        options.stream()
            .limit(most)
            .map(option -> "\"" + option.value() + "\"")
            .collect(Collectors.joining(", "));
    return options.size() > most ? shown + ", …" : shown;
  }

  static void check(List<Option> options, int fewest, int most, Problems problems) {
    if (options.size() < fewest || options.size() > most) {
      problems.add(
          "options",
          "must be " + fewest + " to " + most,
          options.size(),
          options.size() < fewest ? "Add options." : "Remove options, or split the question.");
    }
    Set<String> seen = new HashSet<>();
    for (Option option : options) {
      Names.checkLength("option value", option.value(), LONGEST_VALUE, problems);
      Names.checkLength("option text", option.text(), LONGEST_TEXT, problems);
      if (option.description() != null) {
        Names.checkLength(
            "option description", option.description(), LONGEST_DESCRIPTION, problems);
      }
      if (!seen.add(option.value())) {
        problems.add("options", "must be unique", option.value(), "Remove the second one.");
      }
    }
  }

  /** Null means no limit was set; otherwise at least 3 and at most as many as there are. */
  static void checkVisible(@Nullable Integer visible, List<Option> options, Problems problems) {
    if (visible != null && (visible < 3 || visible > options.size())) {
      problems.add(
          "visible options",
          "must be 3 to the number of options (" + options.size() + ")",
          visible,
          "Leave it out to show all.");
    }
  }
}
