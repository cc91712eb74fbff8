package org.attune.server.webhook;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somewhere to send events to.
 *
 * @param secret signs what is sent; Base64
 */
public record Webhook(
    String id,
    String url,
    String secret,
    List<String> events,
    boolean enabled,
    @Nullable String description,
    long insertedAt,
    long updatedAt) {

  /** Everything that is told of. */
  public static final List<String> EVENTS =
      List.of(
          "dataset.created",
          "dataset.updated",
          "dataset.deleted",
          "dataset.published",
          "record.created",
          "record.updated",
          "record.deleted",
          "record.completed",
          "response.created",
          "response.updated",
          "response.deleted");

  public Webhook {
    events = List.copyOf(events);
  }
}
