package org.attune.server.search;

import org.jspecify.annotations.Nullable;

/** What a filter or a sort looks at. */
public sealed interface Scope {

  /** A property of the record itself. */
  record OfRecord(Property property) implements Scope {

    /** The properties that can be looked at. */
    public enum Property {
      ID,
      EXTERNAL_ID,
      STATUS,
      INSERTED_AT,
      UPDATED_AT
    }
  }

  /** The value of a metadata property. */
  record OfMetadata(String name) implements Scope {}

  /** Something about the suggestion for a question. */
  record OfSuggestion(String question, Part part) implements Scope {

    /** The parts of a suggestion. */
    public enum Part {
      VALUE,
      SCORE,
      AGENT,
      TYPE
    }
  }

  /**
   * Responses: their status, or what they answer to a question.
   *
   * @param question null for the status
   */
  record OfResponse(@Nullable String question) implements Scope {}
}
