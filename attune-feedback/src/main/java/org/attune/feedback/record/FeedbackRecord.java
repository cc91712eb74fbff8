package org.attune.feedback.record;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.attune.data.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * Something people are asked about, with everything said about it. Immutable: a dataset replaces a
 * record when an answer arrives.
 *
 * @param id unique in the dataset; a random UUID unless given
 * @param externalId the record's name in its source, unique in the dataset, or null
 * @param fields from field name to value
 * @param metadata from property name to a text, a number or a list of texts
 * @param vectors from vector name to components
 * @param responses at most one for each user
 * @param suggestions at most one for each question
 * @param unified from question to the answers made by unification; derived, never stored
 */
public record FeedbackRecord(
    String id,
    @Nullable String externalId,
    Map<String, Object> fields,
    Map<String, Object> metadata,
    Map<String, List<Double>> vectors,
    List<Response> responses,
    List<Suggestion> suggestions,
    Map<String, List<UnifiedAnswer>> unified) {

  public FeedbackRecord {
    fields = copy(fields);
    metadata = copy(metadata);
    vectors = copy(vectors);
    responses = List.copyOf(responses);
    suggestions = List.copyOf(suggestions);
    unified = copy(unified);
  }

  private static <V> Map<String, V> copy(Map<String, V> map) {
    return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  public static Builder builder() {
    return new Builder();
  }

  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.id = id;
    builder.externalId = externalId;
    builder.fields.putAll(fields);
    builder.metadata.putAll(metadata);
    builder.vectors.putAll(vectors);
    builder.responses.addAll(responses);
    builder.suggestions.addAll(suggestions);
    builder.unified.putAll(unified);
    return builder;
  }

  /** Everything but the responses and what was made of them. */
  public Builder withoutResponses() {
    Builder builder = toBuilder();
    builder.responses.clear();
    builder.unified.clear();
    return builder;
  }

  /**
   * The text of a field.
   *
   * @throws InvalidInputException if the record has no such text; see {@link #optionalText}
   */
  public String text(String field) {
    return optionalText(field)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "Record "
                        + id
                        + " has no text in field \""
                        + field
                        + "\". Its fields are "
                        + fields.keySet()
                        + "."));
  }

  public Optional<String> optionalText(String field) {
    return fields.get(field) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** The submitted responses, in the order in which they came. */
  public Stream<Response> submitted() {
    return responses.stream().filter(Response::isSubmitted);
  }

  /** The submitted answers to a question, one for each person who answered it. */
  public Stream<Object> answers(String question) {
    return submitted().map(response -> response.values().get(question)).filter(Objects::nonNull);
  }

  /** The submitted answers to a question that are texts: those to text and label questions. */
  public Stream<String> textAnswers(String question) {
    return answers(question).filter(String.class::isInstance).map(String.class::cast);
  }

  /** The unified answers to a question: none before unification, several where all are kept. */
  public List<UnifiedAnswer> unified(String question) {
    return unified.getOrDefault(question, List.of());
  }

  /** The single unified answer to a question, if there is one. */
  public Optional<Object> unifiedValue(String question) {
    List<UnifiedAnswer> answers = unified(question);
    return answers.size() == 1 ? Optional.of(answers.get(0).value()) : Optional.empty();
  }

  /** Collects the parts of a record. */
  public static final class Builder {

    private @Nullable String id;
    private @Nullable String externalId;
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final Map<String, List<Double>> vectors = new LinkedHashMap<>();
    private final List<Response> responses = new ArrayList<>();
    private final List<Suggestion> suggestions = new ArrayList<>();
    private final Map<String, List<UnifiedAnswer>> unified = new LinkedHashMap<>();

    private Builder() {}

    public Builder id(@Nullable String value) {
      id = value;
      return this;
    }

    public Builder externalId(@Nullable String value) {
      externalId = value;
      return this;
    }

    public Builder field(String name, Object value) {
      fields.put(name, value);
      return this;
    }

    public Builder metadata(String name, Object value) {
      metadata.put(name, value);
      return this;
    }

    public Builder vector(String name, List<Double> value) {
      vectors.put(name, List.copyOf(value));
      return this;
    }

    public Builder response(Response response) {
      responses.add(response);
      return this;
    }

    /** Puts a response in the place of an earlier one of the same user. */
    public Builder replaceResponse(Response response) {
      responses.removeIf(earlier -> Objects.equals(earlier.userId(), response.userId()));
      responses.add(response);
      unified.clear();
      return this;
    }

    public Builder suggestion(Suggestion suggestion) {
      suggestions.add(suggestion);
      return this;
    }

    /** Puts a suggestion in the place of an earlier one for the same question. */
    public Builder replaceSuggestion(Suggestion suggestion) {
      suggestions.removeIf(earlier -> earlier.question().equals(suggestion.question()));
      suggestions.add(suggestion);
      return this;
    }

    public Builder unified(String question, List<UnifiedAnswer> answers) {
      unified.put(question, List.copyOf(answers));
      return this;
    }

    public FeedbackRecord build() {
      String chosen = id == null ? UUID.randomUUID().toString() : id;
      return new FeedbackRecord(
          chosen, externalId, fields, metadata, vectors, responses, suggestions, unified);
    }
  }
}
