package org.attune.server.page;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.attune.server.access.SignedIn;
import org.attune.server.storage.Transaction;

/**
 * What one person has to do, and did, in one dataset.
 *
 * @param pending records that still need an answer and have none from this person
 */
public record Queue(
    String datasetId,
    String dataset,
    String workspace,
    long total,
    long pending,
    long drafts,
    long submitted,
    long discarded) {

  private static final String QUERY =
      """
      SELECT d.id, d.name, w.name AS workspace,
        (SELECT COUNT(*) FROM records r WHERE r.dataset_id = d.id) AS total,
        (SELECT COUNT(*) FROM records r WHERE r.dataset_id = d.id AND r.status = 'pending'
          AND NOT EXISTS (SELECT 1 FROM responses a WHERE a.record_id = r.id AND a.user_id = ?))
          AS pending,
        (SELECT COUNT(*) FROM responses a
          WHERE a.dataset_id = d.id AND a.user_id = ? AND a.status = 'draft') AS drafts,
        (SELECT COUNT(*) FROM responses a
          WHERE a.dataset_id = d.id AND a.user_id = ? AND a.status = 'submitted') AS submitted,
        (SELECT COUNT(*) FROM responses a
          WHERE a.dataset_id = d.id AND a.user_id = ? AND a.status = 'discarded') AS discarded
      FROM datasets d JOIN workspaces w ON w.id = d.workspace_id
      WHERE d.status = 'ready' AND (? = 1 OR EXISTS (
        SELECT 1 FROM workspaces_users m WHERE m.workspace_id = w.id AND m.user_id = ?))
      ORDER BY d.last_activity_at DESC
      """;

  /** The queues of a person in every dataset that takes answers, the most recent first. */
  static List<Queue> of(Transaction transaction, SignedIn sender) {
    String user = sender.user().id();
    return transaction.list(
        QUERY, Queue::queue, user, user, user, user, sender.isOwner() ? 1 : 0, user);
  }

  private static Queue queue(ResultSet row, int index) throws SQLException {
    return new Queue(
        row.getString("id"),
        row.getString("name"),
        row.getString("workspace"),
        row.getLong("total"),
        row.getLong("pending"),
        row.getLong("drafts"),
        row.getLong("submitted"),
        row.getLong("discarded"));
  }

  /** How many records this person is done with. */
  public long done() {
    return submitted + discarded;
  }

  /** How many records this person has or had to look at. */
  public long mine() {
    return done() + pending + drafts;
  }
}
