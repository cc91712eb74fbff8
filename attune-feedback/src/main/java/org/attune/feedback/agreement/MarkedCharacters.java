package org.attune.feedback.agreement;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.attune.feedback.question.Span;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.record.FeedbackRecord;

/**
 * Marked texts as units of agreement: each Unicode code point is one, its values the labels that
 * each person gave to it, none among them.
 */
final class MarkedCharacters {

  private MarkedCharacters() {}

  static List<List<Set<Object>>> of(SpanQuestion question, List<FeedbackRecord> records) {
    List<List<Set<Object>>> units = new ArrayList<>();
    for (FeedbackRecord record : records) {
      List<List<Span>> answers =
          record.answers(question.name()).map(MarkedCharacters::spans).toList();
      String text = record.optionalText(question.field()).orElse("");
      if (answers.size() >= 2) {
        add(answers, text.codePointCount(0, text.length()), units);
      }
    }
    return units;
  }

  private static List<Span> spans(Object answer) {
    return ((List<?>) answer).stream().map(Span.class::cast).toList();
  }

  /** The characters between two bounds of spans have the same labels, and share one unit. */
  private static void add(List<List<Span>> answers, int length, List<List<Set<Object>>> units) {
    TreeSet<Integer> bounds = new TreeSet<>(List.of(0, length));
    answers.stream()
        .flatMap(List::stream)
        .forEach(span -> bounds.addAll(List.of(span.start(), span.end())));
    for (int start : bounds.headSet(length)) {
      Integer end = bounds.higher(start);
      List<Set<Object>> unit = answers.stream().map(answer -> labels(answer, start)).toList();
      units.addAll(Collections.nCopies((end == null ? length : end) - start, unit));
    }
  }

  private static Set<Object> labels(List<Span> spans, int place) {
    Set<Object> labels = new HashSet<>();
    for (Span span : spans) {
      if (span.start() <= place && place < span.end()) {
        labels.add(span.label());
      }
    }
    return labels;
  }
}
