package org.attune.feedback.record;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far a response has come. Only submitted ones count. */
public enum ResponseStatus {
  DRAFT,
  SUBMITTED,
  DISCARDED;

  /** The status as files spell it. */
  @JsonValue
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
