package org.attune.feedback.question;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attune.feedback.validation.Problems;

/**
 * Asks for a rating; the answer is an {@link Integer}.
 *
 * @param values the ratings to choose from, 2 to 11 of them, each 0 to 10, in the order shown
 */
public record RatingQuestion(Heading heading, List<Integer> values) implements Question {

  public RatingQuestion {
    values = List.copyOf(values);
    Problems problems = Problems.none();
    heading.check(problems);
    if (values.size() < 2
        || values.size() > 11
        || new HashSet<>(values).size() < values.size()
        || values.stream().anyMatch(value -> value < 0 || value > 10)) {
      problems.add(
          "values",
          "must be 2 to 11 different whole numbers from 0 to 10",
          values,
          "Shift the scale; −4…4 becomes 1…9, for instance.");
    }
    problems.throwIfAny("the rating question \"" + heading.name() + "\"");
  }

  /** A question with every rating from {@code lowest} to {@code highest}. */
  public static RatingQuestion of(String name, int lowest, int highest) {
    return of(name, IntStream.rangeClosed(lowest, highest).boxed().toList());
  }

  public static RatingQuestion of(String name, List<Integer> values) {
    return new RatingQuestion(Heading.of(name), values);
  }

  @Override
  public RatingQuestion with(Heading other) {
    return new RatingQuestion(other, values);
  }

  @Override
  public String type() {
    return "rating";
  }

  @Override
  public void check(
      Object answer, boolean complete, Map<String, Object> fields, Problems problems) {
    if (!(answer instanceof Integer)) {
      problems.add(
          name(),
          "must be a rating " + range() + ", as a whole number",
          answer,
          "Send the number itself, without quotes and without a decimal point.");
    } else if (!values.contains(answer)) {
      problems.add(
          name(),
          "must be a rating " + range(),
          answer,
          "Correct the rating, or give the question a wider scale.");
    }
  }

  @Override
  public Object fromPlain(Object plain) {
    Integer value = WholeNumber.of(plain);
    return value == null ? plain : value;
  }

  private String range() {
    int first = values.get(0);
    int last = values.get(values.size() - 1);
    boolean consecutive = values.equals(IntStream.rangeClosed(first, last).boxed().toList());
    return consecutive ? "from " + first + " to " + last : "out of " + values;
  }
}
