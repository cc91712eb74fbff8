package org.attune.benchmarks.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Opens a store whose process was killed and compares it with what was acknowledged. */
final class Inspection {
  /** Newest bulks whose contents are compared, not only counted. */
  private static final int COMPARED_BULKS = 20;

  private final Candidate candidate;
  private final Path folder;
  private final List<String> problems = new ArrayList<>();

  Inspection(Candidate candidate, Path folder) {
    this.candidate = candidate;
    this.folder = folder;
  }

  /** What an inspection found; bulks as in {@link Ledger#continueFrom}. */
  record Finding(
      double openMs,
      double firstCommitMs,
      double checkSeconds,
      long lowBulk,
      long highBulk,
      long bytes,
      List<String> problems) {}

  Finding run(Path acknowledged) throws SQLException, IOException {
    Ledger ledger = Ledger.read(acknowledged);
    long bytes = Candidate.bytes(folder);
    long start = System.nanoTime();
    try (Connection connection = candidate.connect(folder)) {
      connection.setAutoCommit(false);
      long high = bulk(connection, "SELECT MAX(record_key) FROM records") + 1;
      double openMs = (System.nanoTime() - start) / 1e6;
      long low = bulk(connection, "SELECT MIN(record_key) FROM records");
      connection.commit();
      double firstCommitMs = firstCommit(connection, low, start);

      bulks(connection, ledger, low, high);
      for (long bulk = Math.max(low, high - COMPARED_BULKS); bulk < high; bulk++) {
        compare(connection, bulk);
      }
      // an answer goes with its record
      for (Map.Entry<Ledger.Submission, Long> entry : ledger.revisions().entrySet()) {
        if (FeedbackRecord.bulkOf(entry.getKey().record()) >= low) {
          submission(connection, entry.getKey(), entry.getValue());
        }
      }
      long beforeCheck = System.nanoTime();
      problems.addAll(Integrity.problems(candidate, connection));
      double checkSeconds = (System.nanoTime() - beforeCheck) / 1e9;
      connection.commit();
      return new Finding(openMs, firstCommitMs, checkSeconds, low, high, bytes, problems);
    }
  }

  private double firstCommit(Connection connection, long lowBulk, long start) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE records SET updated_at = ? WHERE record_key = ?")) {
      update.setLong(1, System.currentTimeMillis());
      update.setLong(2, lowBulk * FeedbackRecord.BULK);
      update.executeUpdate();
    }
    candidate.commit(connection);
    return (System.nanoTime() - start) / 1e6;
  }

  private void bulks(Connection connection, Ledger ledger, long low, long high)
      throws SQLException {
    if (low != ledger.lowBulk() && low != ledger.lowBulk() + 1) {
      problems.add("the first bulk is %d, expected %d".formatted(low, ledger.lowBulk()));
    }
    if (high != ledger.highBulk() && high != ledger.highBulk() + 1) {
      problems.add("bulks end at %d, expected %d".formatted(high, ledger.highBulk()));
    }
    long bulks = high - low;
    expect(connection, "records", bulks * FeedbackRecord.BULK, "SELECT COUNT(*) FROM records");
    expect(
        connection,
        "bulks in part",
        0,
        "SELECT COUNT(*) FROM (SELECT record_key / 500 FROM records GROUP BY record_key / 500"
            + " HAVING COUNT(*) <> 500) AS partial");
    expect(
        connection, "suggestions", bulks * FeedbackRecord.BULK, "SELECT COUNT(*) FROM suggestions");
    expect(
        connection,
        "vectors",
        bulks * FeedbackRecord.BULK / FeedbackRecord.VECTOR_EVERY,
        "SELECT COUNT(*) FROM vectors");
    expect(
        connection,
        "responses that came with records",
        bulks * FeedbackRecord.BULK / FeedbackRecord.RESPONSE_EVERY,
        "SELECT COUNT(*) FROM responses WHERE user_key = 0");
  }

  private void compare(Connection connection, long bulk) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT r.record_key, r.id, r.external_id, r.fields, r.metadata, v.components
            FROM records r LEFT JOIN vectors v ON v.record_key = r.record_key
            WHERE r.record_key >= ? AND r.record_key < ?
            """)) {
      query.setLong(1, bulk * FeedbackRecord.BULK);
      query.setLong(2, (bulk + 1) * FeedbackRecord.BULK);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          FeedbackRecord record = new FeedbackRecord(rows.getLong(1));
          boolean same =
              record.id().equals(rows.getString(2))
                  && record.externalId().equals(rows.getString(3))
                  && record.fields().equals(rows.getString(4))
                  && record.metadata().equals(rows.getString(5))
                  && (!record.hasVector() || Arrays.equals(record.vector(), rows.getBytes(6)));
          if (!same) {
            problems.add("record %d is not what was written".formatted(record.key()));
          }
        }
      }
    }
  }

  private void submission(Connection connection, Ledger.Submission submission, long acknowledged)
      throws SQLException {
    long revision =
        Statements.number(
            connection,
            "SELECT COALESCE(MAX(revision), 0) FROM responses WHERE record_key = ? AND user_key = ?",
            submission.record(),
            submission.user());
    if (revision < acknowledged) {
      problems.add(
          "the answer of user %d to record %d has revision %d, acknowledged was %d"
              .formatted(submission.user(), submission.record(), revision, acknowledged));
    }
    expect(
        connection,
        "revisions of " + submission,
        revision,
        "SELECT COUNT(*) FROM response_revisions WHERE record_key = ? AND user_key = ?",
        submission.record(),
        submission.user());
  }

  private void expect(
      Connection connection, String what, long expected, String sql, Object... values)
      throws SQLException {
    long found = Statements.number(connection, sql, values);
    if (found != expected) {
      problems.add("%s: %d, expected %d".formatted(what, found, expected));
    }
  }

  private static long bulk(Connection connection, String sql) throws SQLException {
    return FeedbackRecord.bulkOf(Statements.number(connection, sql));
  }
}
