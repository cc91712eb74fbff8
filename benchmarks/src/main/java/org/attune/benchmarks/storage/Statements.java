package org.attune.benchmarks.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What the server would do to a store. */
final class Statements {
  static final long DATASET = 1;

  /** Submitted responses that complete a record. */
  private static final int MIN_SUBMITTED = 3;

  private static final int PAGE = 10;
  private static final String ANSWERS =
      "{\"preferred\": {\"value\": \"response-1\"}, \"quality\": {\"value\": 4}, "
          + "\"comment\": {\"value\": \"the second answer repeats the question\"}}";

  private final Candidate candidate;

  Statements(Candidate candidate) {
    this.candidate = candidate;
  }

  /** Writes a bulk of new records with all that belongs to them. */
  void insertBulk(Connection connection, long bulk) throws SQLException {
    long now = System.currentTimeMillis();
    try (PreparedStatement records =
            connection.prepareStatement("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        PreparedStatement suggestions =
            connection.prepareStatement("INSERT INTO suggestions VALUES (?, ?, ?, ?, ?)");
        PreparedStatement vectors =
            connection.prepareStatement("INSERT INTO vectors VALUES (?, ?, ?)")) {
      for (int i = 0; i < FeedbackRecord.BULK; i++) {
        FeedbackRecord record = new FeedbackRecord(bulk * FeedbackRecord.BULK + i);
        set(
            records,
            record.key(),
            record.id(),
            DATASET,
            record.externalId(),
            record.fields(),
            record.metadata(),
            "pending",
            now,
            now);
        records.addBatch();
        set(suggestions, record.key(), 1L, "\"response-1\"", 0.75, "reward-model/v1");
        suggestions.addBatch();
        if (record.hasVector()) {
          set(vectors, record.key(), 1L, record.vector());
          vectors.addBatch();
        }
      }
      records.executeBatch();
      suggestions.executeBatch();
      vectors.executeBatch();
    }
    for (int i = 0; i < FeedbackRecord.BULK; i++) {
      FeedbackRecord record = new FeedbackRecord(bulk * FeedbackRecord.BULK + i);
      if (record.hasResponse()) {
        submit(connection, record.key(), 0);
      }
    }
  }

  void deleteBulk(Connection connection, long bulk) throws SQLException {
    try (PreparedStatement records =
        connection.prepareStatement(
            "DELETE FROM records WHERE record_key >= ? AND record_key < ?")) {
      set(records, bulk * FeedbackRecord.BULK, (bulk + 1) * FeedbackRecord.BULK);
      records.executeUpdate();
    }
  }

  /**
   * Writes a user's answer: a response, its revision, the record's status; returns the revision.
   */
  long submit(Connection connection, long record, long user) throws SQLException {
    long now = System.currentTimeMillis();
    long revision = upsert(connection, record, user, now);
    try (PreparedStatement history =
            connection.prepareStatement(
                "INSERT INTO response_revisions VALUES (?, ?, ?, ?, ?, ?)");
        PreparedStatement status =
            connection.prepareStatement(
                """
                UPDATE records SET status = 'completed', updated_at = ? WHERE record_key = ? AND
                (SELECT COUNT(*) FROM responses a WHERE a.record_key = records.record_key
                 AND a.status = 'submitted') >= ?
                """)) {
      set(history, record, user, revision, "submitted", ANSWERS, now);
      history.executeUpdate();
      set(status, now, record, MIN_SUBMITTED);
      status.executeUpdate();
    }
    return revision;
  }

  private long upsert(Connection connection, long record, long user, long now) throws SQLException {
    try (PreparedStatement response = connection.prepareStatement(upsert())) {
      set(response, record, user, "submitted", ANSWERS, 1L, now);
      return number(response);
    }
  }

  private String upsert() {
    return candidate.isSqlite()
        ? """
          INSERT INTO responses VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (record_key, user_key) DO UPDATE SET status = excluded.status,
            answers = excluded.answers, revision = responses.revision + 1,
            updated_at = excluded.updated_at
          RETURNING revision
          """
        : """
          SELECT revision FROM FINAL TABLE (
            MERGE INTO responses r USING (VALUES (CAST(? AS BIGINT), CAST(? AS BIGINT),
              CAST(? AS VARCHAR(10)), CAST(? AS VARCHAR), CAST(? AS BIGINT), CAST(? AS BIGINT)))
              n (record_key, user_key, status, answers, revision, updated_at)
            ON r.record_key = n.record_key AND r.user_key = n.user_key
            WHEN MATCHED THEN UPDATE SET status = n.status, answers = n.answers,
              revision = r.revision + 1, updated_at = n.updated_at
            WHEN NOT MATCHED THEN INSERT VALUES
              (n.record_key, n.user_key, n.status, n.answers, n.revision, n.updated_at))
          """;
  }

  /**
   * Reads the next records that a user has not answered, from a record on; returns their number.
   */
  int nextRecords(Connection connection, long from, long user) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT r.record_key, r.id, r.fields, r.metadata, s.answer, s.score
            FROM records r LEFT JOIN suggestions s ON s.record_key = r.record_key
            WHERE r.dataset_key = ? AND r.status = 'pending' AND r.record_key >= ?
              AND NOT EXISTS (SELECT 1 FROM responses a
                              WHERE a.record_key = r.record_key AND a.user_key = ?)
            ORDER BY r.dataset_key, r.status, r.record_key LIMIT ?
            """)) {
      set(query, DATASET, from, user, PAGE);
      int found = 0;
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          rows.getString(3);
          found++;
        }
      }
      return found;
    }
  }

  static long number(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      set(query, values);
      return number(query);
    }
  }

  private static long number(PreparedStatement query) throws SQLException {
    try (ResultSet rows = query.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void set(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }
}
