package org.attune.feedback.query;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.attune.data.InvalidInputException;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.Span;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.jspecify.annotations.Nullable;

/**
 * A part of a record to filter or sort by.
 *
 * @param name the question or metadata property; null for the record itself and for the status of
 *     any response
 * @param property what of it, such as {@code value} or {@code score}
 */
public record Scope(Entity entity, @Nullable String name, String property) {

  private static final String VALUE = "value";

  /** What a scope belongs to. */
  public enum Entity {
    RECORD,
    METADATA,
    SUGGESTION,
    RESPONSE
  }

  /**
   * A property of the record itself: {@code id} or {@code external_id}; on a server also {@code
   * status}, {@code inserted_at} and {@code updated_at}.
   */
  public static Scope record(String property) {
    return new Scope(Entity.RECORD, null, property);
  }

  public static Scope metadata(String property) {
    return new Scope(Entity.METADATA, property, VALUE);
  }

  /** What is suggested as the answer to a question. */
  public static Scope suggestion(String question) {
    return new Scope(Entity.SUGGESTION, question, VALUE);
  }

  public static Scope suggestionScore(String question) {
    return new Scope(Entity.SUGGESTION, question, "score");
  }

  public static Scope suggestionAgent(String question) {
    return new Scope(Entity.SUGGESTION, question, "agent");
  }

  /** What anybody answered to a question. */
  public static Scope response(String question) {
    return new Scope(Entity.RESPONSE, question, VALUE);
  }

  /** How far anybody's response has come; {@code pending} where nobody responded. */
  public static Scope responseStatus() {
    return new Scope(Entity.RESPONSE, null, "status");
  }

  /** What a record has in this scope: nothing, one or several texts and numbers. */
  List<Object> values(FeedbackRecord record) {
    return switch (entity) {
      case RECORD -> ofRecord(record);
      case METADATA -> flat(record.metadata().get(name));
      case SUGGESTION ->
          record.suggestions().stream()
              .filter(suggestion -> suggestion.question().equals(name))
              .flatMap(
                  suggestion ->
                      switch (property) {
                        case "score" -> suggestion.scores().stream();
                        case "agent" -> Stream.ofNullable(suggestion.agent());
                        default -> flat(suggestion.value()).stream();
                      })
              .<Object>map(value -> value)
              .toList();
      case RESPONSE -> ofResponses(record);
    };
  }

  private List<Object> ofRecord(FeedbackRecord record) {
    return switch (property) {
      case "id" -> List.of(record.id());
      case "external_id" -> Stream.<Object>ofNullable(record.externalId()).toList();
      default ->
          throw new InvalidInputException(
              "Only a server knows \""
                  + property
                  + "\" of a record. Filter and sort by id, external_id, metadata, suggestions or"
                  + " responses.");
    };
  }

  private List<Object> ofResponses(FeedbackRecord record) {
    String question = name;
    if (question == null) {
      return record.responses().isEmpty()
          ? List.of("pending")
          : record.responses().stream().<Object>map(response -> response.status().key()).toList();
    }
    List<Object> values = new ArrayList<>();
    for (Response response : record.responses()) {
      values.addAll(flat(response.value(question)));
    }
    return values;
  }

  private static List<Object> flat(@Nullable Object value) {
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof Collection<?> items)) {
      return List.of(value);
    }
    return items.stream()
        .<Object>map(
            item -> {
              if (item instanceof Span span) {
                return span.label();
              }
              return item instanceof RankedOption place ? place.value() : item;
            })
        .toList();
  }
}
