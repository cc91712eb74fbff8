package org.attune.feedback.record;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one person answered about one record.
 *
 * @param userId who answered; null for nobody known, at most once in a record
 * @param values from question to answer; see {@link org.attune.feedback.question.Question} for the
 *     types
 */
public record Response(@Nullable String userId, ResponseStatus status, Map<String, Object> values) {

  public Response {
    // Almost two hundred thousand one-answer responses are usual, so one entry gets the small map.
    values =
        values.size() <= 1
            ? Map.copyOf(values)
            : Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  public static Response submitted(@Nullable String userId, Map<String, Object> values) {
    return new Response(userId, ResponseStatus.SUBMITTED, values);
  }

  public static Response draft(@Nullable String userId, Map<String, Object> values) {
    return new Response(userId, ResponseStatus.DRAFT, values);
  }

  public static Response discarded(@Nullable String userId) {
    return new Response(userId, ResponseStatus.DISCARDED, Map.of());
  }

  public static Response discarded(@Nullable String userId, Map<String, Object> values) {
    return new Response(userId, ResponseStatus.DISCARDED, values);
  }

  public boolean isSubmitted() {
    return status == ResponseStatus.SUBMITTED;
  }

  /** The answer to a question, or null. */
  public @Nullable Object value(String question) {
    return values.get(question);
  }
}
