package org.attune.feedback.argilla;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.Span;
import org.attune.feedback.question.SpanQuestion;
import org.jspecify.annotations.Nullable;

/** Answers, as under the key {@code value} of responses and suggestions. */
public final class AnswerJson {

  private AnswerJson() {}

  /** Writes a valid answer; a ranking best first, since clients of 2.x read the order alone. */
  public static Object write(Question question, Object answer) {
    if (question instanceof RankingQuestion) {
      return ((List<?>) answer)
          .stream()
              .map(RankedOption.class::cast)
              .sorted(
                  Comparator.comparing(
                      RankedOption::rank, Comparator.nullsLast(Comparator.naturalOrder())))
              .map(AnswerJson::write)
              .toList();
    }
    if (question instanceof SpanQuestion) {
      return ((List<?>) answer).stream().map(Span.class::cast).map(AnswerJson::write).toList();
    }
    return answer;
  }

  private static Map<String, Object> write(RankedOption place) {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("value", place.value());
    Integer rank = place.rank();
    if (rank != null) {
      plain.put("rank", rank);
    }
    return plain;
  }

  private static Map<String, Object> write(Span span) {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("label", span.label());
    plain.put("start", span.start());
    plain.put("end", span.end());
    return plain;
  }

  /**
   * Reads an answer. What does not fit is returned as it is, for {@link Question#check} to report.
   * Options without any ranks, as clients of 2.x send them, are ranked by their order.
   */
  public static Object read(Question question, Object plain) {
    return question.fromPlain(
        question instanceof RankingQuestion && plain instanceof List<?> places
            ? ranked(places)
            : plain);
  }

  private static Object ranked(List<?> places) {
    for (Object place : places) {
      if (!(place instanceof Map<?, ?> entry) || entry.get("rank") != null) {
        return places;
      }
    }
    List<Map<String, @Nullable Object>> ranked = new ArrayList<>();
    for (Object place : places) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("value", ((Map<?, ?>) place).get("value"));
      entry.put("rank", ranked.size() + 1);
      ranked.add(entry);
    }
    return ranked;
  }
}
