package org.attune.server.account;

/** A group of people and the datasets they work on. */
public record Workspace(String id, String name, long insertedAt, long updatedAt) {}
