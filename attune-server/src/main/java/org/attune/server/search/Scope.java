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
   * What the server works out about a record.
   *
   * @param question which question is measured; null for all together
   */
  record OfMeasure(Measure measure, @Nullable String question) implements Scope {

    /** What can be measured. */
    public enum Measure {
      /** A number of the record's own that has nothing to do with it, from 0 to 1. */
      SHUFFLE,
      /** The lowest score of a suggestion. */
      CONFIDENCE,
      /** How far submitted answers differ, from 0 to 1; there is none below two answers. */
      DISAGREEMENT
    }
  }

  /**
   * Responses: their status, or what they answer to a question.
   *
   * @param question null for the status
   */
  record OfResponse(@Nullable String question) implements Scope {}
}
