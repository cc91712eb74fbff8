package org.attune.server.record;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one person says about one record.
 *
 * @param status draft, submitted or discarded
 * @param values {@code {question: {"value": …}}}
 */
public record StoredResponse(
    String id,
    String recordId,
    String userId,
    String status,
    Map<String, @Nullable Object> values,
    long insertedAt,
    long updatedAt) {

  public boolean isSubmitted() {
    return status.equals("submitted");
  }
}
