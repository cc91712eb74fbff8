package org.attune.server.record;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.Datasets;
import org.attune.server.storage.Transaction;

/**
 * Records that people have open. A claim keeps a seat for a person: submitted responses and claims
 * of others never exceed {@link Dataset#seats}. It ends by an answer, by leaving, or by itself when
 * the page that took it is no longer heard of.
 */
public final class Claims {

  private static final String OTHERS_SUBMITTED =
      "(SELECT COUNT(*) FROM responses r"
          + " WHERE r.record_id = ? AND r.user_id <> ? AND r.status = 'submitted')";
  private static final String OTHERS_CLAIM =
      "(SELECT COUNT(*) FROM claims c WHERE c.record_id = ? AND c.user_id <> ? AND c.until > ?"
          + " AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.record_id = c.record_id"
          + " AND r.user_id = c.user_id AND r.status = 'submitted'))";

  private Claims() {}

  /**
   * Takes a seat at a record, or keeps the one taken before.
   *
   * @param seconds how long the seat stays taken without another call
   * @return whether there was one; always if the dataset does not count seats
   */
  public static boolean take(
      Transaction transaction, Dataset dataset, String recordId, String userId, int seconds) {
    Integer seats = dataset.seats();
    if (seats == null) {
      return true;
    }
    long now = transaction.now();
    long until = now + TimeUnit.SECONDS.toMicros(seconds);
    int kept =
        transaction.update(
            "UPDATE claims SET until = ? WHERE record_id = ? AND user_id = ? AND until > ?",
            until,
            recordId,
            userId,
            now);
    if (kept > 0) {
      return true;
    }
    Datasets.hold(transaction, dataset.id());
    transaction.update("DELETE FROM claims WHERE dataset_id = ? AND until <= ?", dataset.id(), now);
    if (taken(transaction, recordId, userId) >= seats) {
      return false;
    }
    transaction.update(
        "INSERT INTO claims (record_id, dataset_id, user_id, until) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (record_id, user_id) DO UPDATE SET until = excluded.until",
        recordId,
        dataset.id(),
        userId,
        until);
    return true;
  }

  /**
   * Whether a person may submit a response. The caller holds the dataset until the response is
   * written.
   */
  public static boolean hasSeat(
      Transaction transaction, Dataset dataset, String recordId, String userId) {
    Integer seats = dataset.seats();
    if (seats == null) {
      return true;
    }
    long claimed =
        transaction.number(
            "SELECT COUNT(*) FROM claims WHERE record_id = ? AND user_id = ? AND until > ?",
            recordId,
            userId,
            transaction.now());
    return claimed > 0
        ? transaction.number("SELECT " + OTHERS_SUBMITTED, recordId, userId) < seats
        : taken(transaction, recordId, userId) < seats;
  }

  private static long taken(Transaction transaction, String recordId, String userId) {
    return transaction.number(
        "SELECT " + OTHERS_SUBMITTED + " + " + OTHERS_CLAIM,
        recordId,
        userId,
        recordId,
        userId,
        transaction.now());
  }

  /** The records that a person cannot answer now, because others have claimed the last seats. */
  public static List<String> closed(Transaction transaction, Dataset dataset, String userId) {
    Integer seats = dataset.seats();
    if (seats == null) {
      return List.of();
    }
    Map<String, Long> taken = new HashMap<>();
    transaction.each(
        "SELECT record_id, COUNT(*) FROM claims"
            + " WHERE dataset_id = ? AND until > ? AND user_id <> ? GROUP BY record_id",
        row -> taken.put(row.getString(1), row.getLong(2)),
        dataset.id(),
        transaction.now(),
        userId);
    for (StoredResponse response : Responses.of(transaction, taken.keySet(), null)) {
      if (response.isSubmitted() && !response.userId().equals(userId)) {
        taken.merge(response.recordId(), 1L, Long::sum);
      }
    }
    List<String> closed = new ArrayList<>();
    taken.forEach(
        (recordId, count) -> {
          if (count >= seats) {
            closed.add(recordId);
          }
        });
    return closed;
  }

  /** Frees a seat. */
  public static void end(Transaction transaction, String recordId, String userId) {
    transaction.update("DELETE FROM claims WHERE record_id = ? AND user_id = ?", recordId, userId);
  }

  /**
   * Sets right what another server left: claims that ended are forgotten, and those that last
   * longer than any may, because the clock was set back, are shortened.
   */
  public static void tidy(Transaction transaction, int seconds) {
    long now = transaction.now();
    long latest = now + TimeUnit.SECONDS.toMicros(seconds);
    transaction.update("DELETE FROM claims WHERE until <= ?", now);
    transaction.update("UPDATE claims SET until = ? WHERE until > ?", latest, latest);
  }
}
