package org.attune.feedback.unify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.attune.feedback.question.Option;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.Span;
import org.attune.feedback.question.SpanQuestion;

/**
 * How marked parts of a text are unified: character by character and label by label. Characters
 * next to each other that get the same label become one span. Where the question allows one label
 * for a character only, that of the most people stays; of equally frequent ones the one the
 * question lists first.
 */
public enum SpanStrategy implements UnificationStrategy {
  /** What more than half of the people marked. */
  MAJORITY {
    @Override
    boolean keeps(int marks, int people) {
      return 2 * marks > people;
    }
  },
  /** What anybody marked. */
  UNION {
    @Override
    boolean keeps(int marks, int people) {
      return marks > 0;
    }
  },
  /** What everybody marked. */
  INTERSECTION {
    @Override
    boolean keeps(int marks, int people) {
      return marks == people;
    }
  };

  abstract boolean keeps(int marks, int people);

  @Override
  public List<Object> unify(Question question, List<Object> answers) {
    SpanQuestion asked = (SpanQuestion) question;
    List<String> labels = asked.options().stream().map(Option::value).toList();
    // nothing changes between two neighbouring bounds, so texts may be as long as they like
    List<Integer> bounds = List.copyOf(bounds(answers));
    List<Span> unified = new ArrayList<>();
    int[] openFrom = new int[labels.size()];
    boolean[] open = new boolean[labels.size()];
    for (int segment = 0; segment < bounds.size(); segment++) {
      int start = bounds.get(segment);
      boolean[] kept =
          segment + 1 < bounds.size()
              ? kept(asked, labels, answers, start)
              : new boolean[labels.size()];
      for (int label = 0; label < kept.length; label++) {
        if (kept[label] && !open[label]) {
          openFrom[label] = start;
        } else if (!kept[label] && open[label]) {
          unified.add(new Span(labels.get(label), openFrom[label], start));
        }
        open[label] = kept[label];
      }
    }
    unified.sort(
        Comparator.comparingInt(Span::start)
            .thenComparingInt(span -> labels.indexOf(span.label())));
    return List.of(List.copyOf(unified));
  }

  private static SortedSet<Integer> bounds(List<Object> answers) {
    SortedSet<Integer> bounds = new TreeSet<>();
    for (Object answer : answers) {
      for (Object item : (List<?>) answer) {
        bounds.add(((Span) item).start());
        bounds.add(((Span) item).end());
      }
    }
    return bounds;
  }

  /** Which labels the character at a place gets. */
  private boolean[] kept(SpanQuestion asked, List<String> labels, List<Object> answers, int place) {
    int[] marks =
        labels.stream()
            .mapToInt(
                label ->
                    (int) answers.stream().filter(answer -> marks(answer, label, place)).count())
            .toArray();
    boolean[] kept = new boolean[marks.length];
    int best = -1;
    for (int label = 0; label < marks.length; label++) {
      kept[label] = keeps(marks[label], answers.size());
      if (kept[label] && (best < 0 || marks[label] > marks[best])) {
        best = label;
      }
    }
    if (!asked.allowOverlapping()) {
      for (int label = 0; label < kept.length; label++) {
        kept[label] = label == best;
      }
    }
    return kept;
  }

  private static boolean marks(Object answer, String label, int place) {
    return ((List<?>) answer)
        .stream()
            .map(Span.class::cast)
            .anyMatch(
                span -> span.label().equals(label) && span.start() <= place && place < span.end());
  }
}
