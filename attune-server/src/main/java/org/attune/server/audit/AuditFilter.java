package org.attune.server.audit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of the log to read; null asks for all.
 *
 * @param username who did it
 * @param action the text of an action, or how it begins: {@code user.}
 * @param from the first moment
 * @param until the moment before which it was done
 * @param before the sequence below which to go on
 */
public record AuditFilter(
    @Nullable String username,
    @Nullable String action,
    @Nullable Long from,
    @Nullable Long until,
    @Nullable Long before) {

  /** The condition of a query, with {@link #parameters} for its question marks. */
  String condition() {
    StringBuilder condition = new StringBuilder("1 = 1");
    if (username != null) {
      condition.append(" AND username = ?");
    }
    if (action != null) {
      condition.append(" AND SUBSTR(action, 1, ?) = ?");
    }
    if (from != null) {
      condition.append(" AND inserted_at >= ?");
    }
    if (until != null) {
      condition.append(" AND inserted_at < ?");
    }
    if (before != null) {
      condition.append(" AND seq < ?");
    }
    return condition.toString();
  }

  List<Object> parameters() {
    List<Object> parameters = new ArrayList<>();
    if (username != null) {
      parameters.add(username);
    }
    if (action != null) {
      parameters.add(action.length());
      parameters.add(action);
    }
    if (from != null) {
      parameters.add(from);
    }
    if (until != null) {
      parameters.add(until);
    }
    if (before != null) {
      parameters.add(before);
    }
    return parameters;
  }
}
