package org.attune.server.dataset;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dataset without its settings and records.
 *
 * @param ready whether it was published; only then it takes records
 * @param minSubmitted how many submitted responses complete a record
 * @param maxSubmitted how many submitted responses people may give to a record on our pages, or
 *     null for any number; see {@link #seats}
 * @param quota how many responses one person may submit on our pages, or null for any number
 * @param order the order in which people are given records
 * @param settingsVersion counts the changes of the settings
 * @param revision counts the changes of the records
 */
public record Dataset(
    String id,
    String workspaceId,
    String name,
    @Nullable String guidelines,
    boolean allowExtraMetadata,
    boolean ready,
    int minSubmitted,
    @Nullable Integer maxSubmitted,
    @Nullable Integer quota,
    String order,
    @Nullable Map<String, @Nullable Object> metadata,
    int settingsVersion,
    long revision,
    long lastActivityAt,
    long insertedAt,
    long updatedAt) {

  /** How many people may answer a record: clients may want more answers than the lead allowed. */
  public @Nullable Integer seats() {
    return maxSubmitted == null ? null : Integer.valueOf(Math.max(minSubmitted, maxSubmitted));
  }

  /** The same dataset with other rules of who is given what. */
  public Dataset withAssignment(
      int newMinSubmitted,
      @Nullable Integer newMaxSubmitted,
      @Nullable Integer newQuota,
      String newOrder) {
    return new Dataset(
        id,
        workspaceId,
        name,
        guidelines,
        allowExtraMetadata,
        ready,
        newMinSubmitted,
        newMaxSubmitted,
        newQuota,
        newOrder,
        metadata,
        settingsVersion,
        revision,
        lastActivityAt,
        insertedAt,
        updatedAt);
  }

  /** The same dataset with other things that can be changed at any time. */
  public Dataset with(String newName, @Nullable String newGuidelines, int newMinSubmitted) {
    return with(newName, newGuidelines, allowExtraMetadata, newMinSubmitted, metadata);
  }

  /** The same dataset with everything that clients may change at any time. */
  public Dataset with(
      String newName,
      @Nullable String newGuidelines,
      boolean newAllowExtraMetadata,
      int newMinSubmitted,
      @Nullable Map<String, @Nullable Object> newMetadata) {
    return new Dataset(
        id,
        workspaceId,
        newName,
        newGuidelines,
        newAllowExtraMetadata,
        ready,
        newMinSubmitted,
        maxSubmitted,
        quota,
        order,
        newMetadata,
        settingsVersion,
        revision,
        lastActivityAt,
        insertedAt,
        updatedAt);
  }
}
