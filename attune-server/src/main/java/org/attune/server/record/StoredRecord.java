package org.attune.server.record;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record without what belongs to it.
 *
 * @param completed whether it has as many submitted responses as its dataset asks for
 */
public record StoredRecord(
    String id,
    String datasetId,
    @Nullable String externalId,
    Map<String, @Nullable Object> fields,
    @Nullable Map<String, @Nullable Object> metadata,
    boolean completed,
    long insertedAt,
    long updatedAt) {}
