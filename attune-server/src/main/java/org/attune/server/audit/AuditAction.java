package org.attune.server.audit;

import java.util.Locale;

/** What is worth knowing later who did it. */
public enum AuditAction {
  SESSION_STARTED,
  SESSION_REFUSED,
  SESSION_ENDED,
  TOKEN_MADE,
  KEY_MADE,
  PASSWORD_CHANGED,
  USER_CREATED,
  USER_CHANGED,
  USER_DELETED,
  WORKSPACE_CREATED,
  WORKSPACE_DELETED,
  MEMBER_ADDED,
  MEMBER_REMOVED,
  DATASET_CREATED,
  DATASET_CHANGED,
  DATASET_PUBLISHED,
  DATASET_DELETED,
  DATASET_EXPORTED,
  RECORDS_DELETED,
  WEBHOOK_CREATED,
  WEBHOOK_CHANGED,
  WEBHOOK_DELETED,
  SERVER_STARTED;

  /** As the log holds it: {@code user.created}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '.');
  }
}
