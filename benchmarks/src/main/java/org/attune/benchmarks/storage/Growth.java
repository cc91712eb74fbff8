package org.attune.benchmarks.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How the files grow by small commits, behind a reader that stays open, and what compaction does.
 */
final class Growth {
  private static final int SUBMITS = 20_000;
  private static final int SUBMITS_BEHIND_READER = 5_000;

  private Growth() {}

  /** Works on a store that holds this many records, and leaves half of them. */
  static Map<String, Object> run(Candidate candidate, Path folder, long records)
      throws SQLException {
    Statements statements = new Statements(candidate);
    Map<String, Object> sizes = new LinkedHashMap<>();
    sizes.put("before", Candidate.bytes(folder));
    try (Writes writes = candidate.writes(folder)) {
      sizes.put("largest_in_submits", submit(statements, writes, folder, SUBMITS, records));
      sizes.put("after_submits", Candidate.bytes(folder));
      try (Connection connection = candidate.reader(folder)) {
        connection.setAutoCommit(false);
        try (Statement reader = connection.createStatement();
            ResultSet rows = reader.executeQuery("SELECT record_key FROM records")) {
          rows.next();
          long largest = submit(statements, writes, folder, SUBMITS_BEHIND_READER, records);
          sizes.put("largest_behind_reader", largest);
        }
      }
      submit(statements, writes, folder, SUBMITS_BEHIND_READER, records);
      sizes.put("after_reader", Candidate.bytes(folder));
      for (long bulk = 0; bulk < FeedbackRecord.bulkOf(records); bulk += 2) {
        long half = bulk;
        writes.commit(
            connection -> {
              statements.deleteBulk(connection, half);
              return half;
            });
      }
      sizes.put("after_deleting_half", Candidate.bytes(folder));
    }
    sizes.put("closed", Candidate.bytes(folder));
    long start = System.nanoTime();
    candidate.compact(folder);
    sizes.put("compacting_seconds", (System.nanoTime() - start) / 1e9);
    sizes.put("compacted", Candidate.bytes(folder));
    return sizes;
  }

  private static long submit(
      Statements statements, Writes writes, Path folder, int times, long records)
      throws SQLException {
    SplittableRandom random = new SplittableRandom(times);
    long largest = 0;
    for (int i = 0; i < times; i++) {
      long record = random.nextLong(records);
      long user = 1 + random.nextLong(20);
      writes.commit(connection -> statements.submit(connection, record, user));
      largest = Math.max(largest, Candidate.bytes(folder));
    }
    return largest;
  }
}
