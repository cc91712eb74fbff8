package org.attune.server.record;

import java.util.List;
import org.attune.server.storage.Change;

/**
 * Records of one dataset were changed; what became of them, or were they before they were deleted.
 */
public record RecordChange(Kind kind, String datasetId, List<StoredRecord> records)
    implements Change {

  /** What was done to them, or came of what was done. */
  public enum Kind {
    CREATED,
    UPDATED,
    COMPLETED,
    DELETED
  }

  public RecordChange {
    records = List.copyOf(records);
  }
}
