package org.attune.server.record;

import org.attune.server.storage.Change;

/**
 * A response was changed.
 *
 * @param record the record that it is about, as it is now
 * @param response what became of it, or was it before it was deleted
 */
public record ResponseChange(Kind kind, StoredRecord record, StoredResponse response)
    implements Change {

  /** What was done to it. */
  public enum Kind {
    CREATED,
    UPDATED,
    DELETED
  }
}
