package org.attune.server.record;

import org.jspecify.annotations.Nullable;

/**
 * An answer that a model, or somebody, proposes.
 *
 * @param score one number, a list of them, or null
 * @param type model, human or null
 */
public record StoredSuggestion(
    String id,
    String recordId,
    String questionId,
    Object value,
    @Nullable Object score,
    @Nullable String agent,
    @Nullable String type,
    long insertedAt,
    long updatedAt) {}
