package org.attune.server.dataset;

import org.attune.server.storage.Change;

/** A dataset was changed; what became of it, or was it before it was deleted. */
public record DatasetChange(Kind kind, Dataset dataset) implements Change {

  /** What was done to it. */
  public enum Kind {
    CREATED,
    UPDATED,
    PUBLISHED,
    DELETED
  }
}
