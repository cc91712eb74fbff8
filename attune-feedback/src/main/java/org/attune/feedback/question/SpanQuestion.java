package org.attune.feedback.question;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Asks to mark parts of a text field; the answer is a list of {@link Span}, possibly empty.
 *
 * @param field the text field to mark
 * @param visibleOptions how many labels are shown before "more", or null for all
 */
public record SpanQuestion(
    Heading heading,
    String field,
    List<Option> options,
    @Nullable Integer visibleOptions,
    boolean allowOverlapping)
    implements Question {

  private static final int MOST_SPANS = 10_000;

  public SpanQuestion {
    options = List.copyOf(options);
    Problems problems = Problems.none();
    heading.check(problems);
    Option.check(options, 1, 500, problems);
    Option.checkVisible(visibleOptions, options, problems);
    problems.throwIfAny("the span question \"" + heading.name() + "\"");
  }

  public static SpanQuestion of(String name, String field, String... labels) {
    return new SpanQuestion(Heading.of(name), field, Option.of(labels), null, false);
  }

  @Override
  public SpanQuestion with(Heading other) {
    return new SpanQuestion(other, field, options, visibleOptions, allowOverlapping);
  }

  @Override
  public String type() {
    return "span";
  }

  @Override
  public void check(
      Object answer, boolean complete, Map<String, Object> fields, Problems problems) {
    if (!(answer instanceof List<?> list) || !list.stream().allMatch(Span.class::isInstance)) {
      problems.add(
          name(),
          "must be a list of spans",
          answer,
          "Send Span values, or {\"label\": …, \"start\": …, \"end\": …} in files.");
      return;
    }
    if (list.size() > MOST_SPANS) {
      problems.add(name(), "must have at most 10000 spans", list.size(), "Send fewer.");
    }
    if (!(fields.get(field) instanceof String text)) {
      problems.add(
          name(),
          "must be about a record that has the field \"" + field + "\"",
          answer,
          "Add the field to the record.");
      return;
    }
    int length = text.codePointCount(0, text.length());
    List<String> labels = Option.values(options);
    List<Span> spans = new ArrayList<>();
    for (Object item : list) {
      Span span = (Span) item;
      spans.add(span);
      if (!labels.contains(span.label())) {
        problems.add(
            name(),
            "must have labels out of " + Option.shown(options),
            span.label(),
            "Correct the label, or add it to the question's options.");
      }
      if (span.start() < 0 || span.start() >= span.end() || span.end() > length) {
        problems.add(
            name(),
            "must lie within the " + length + " characters of \"" + field + "\", start before end",
            span.start() + " to " + span.end(),
            "Count Unicode code points, not UTF-16 units or bytes.");
      }
    }
    if (!allowOverlapping) {
      checkOverlaps(spans, problems);
    }
  }

  private void checkOverlaps(List<Span> spans, Problems problems) {
    spans.sort(Comparator.comparingInt(Span::start).thenComparingInt(Span::end));
    for (int i = 1; i < spans.size(); i++) {
      if (spans.get(i).start() < spans.get(i - 1).end()) {
        problems.add(
            name(),
            "must not have overlapping spans",
            spans.get(i - 1) + " and " + spans.get(i),
            "Correct one of them, or allow overlaps in the question.");
      }
    }
  }

  @Override
  public Object toPlain(Object answer) {
    return ((List<?>) answer)
        .stream()
            .map(Span.class::cast)
            .map(span -> Map.of("start", span.start(), "end", span.end(), "label", span.label()))
            .toList();
  }

  @Override
  public Object fromPlain(Object plain) {
    if (!(plain instanceof List<?> list)) {
      return plain;
    }
    List<Span> answer = new ArrayList<>();
    for (Object item : list) {
      if (!(item instanceof Map<?, ?> entry) || !(entry.get("label") instanceof String label)) {
        return plain;
      }
      Integer start = WholeNumber.of(entry.get("start"));
      Integer end = WholeNumber.of(entry.get("end"));
      if (start == null || end == null) {
        return plain;
      }
      answer.add(new Span(label, start, end));
    }
    return List.copyOf(answer);
  }
}
