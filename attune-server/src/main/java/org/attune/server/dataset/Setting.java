package org.attune.server.dataset;

/** A field, question, metadata property or vector of a dataset, as it is stored. */
public record Setting<T>(String id, String datasetId, T value, long insertedAt, long updatedAt) {}
