package org.attune.benchmarks.storage;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/** Grows a store bulk by bulk, as one client would: each bulk is one commit. */
final class Ingest {
  private Ingest() {}

  static Map<String, Object> run(Candidate candidate, Path folder, long from, long to)
      throws SQLException {
    Statements statements = new Statements(candidate);
    Latencies bulks = new Latencies();
    long largest = 0;
    long start = System.nanoTime();
    try (Writes writes = candidate.writes(folder)) {
      for (long bulk = from; bulk < to; bulk++) {
        long number = bulk;
        long before = System.nanoTime();
        writes.commit(
            connection -> {
              statements.insertBulk(connection, number);
              return number;
            });
        bulks.add(System.nanoTime() - before);
        largest = Math.max(largest, Candidate.bytes(folder));
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return Map.of(
          "records",
          (to - from) * FeedbackRecord.BULK,
          "records_per_second",
          (to - from) * FeedbackRecord.BULK / seconds,
          "bulk",
          bulks.summary(),
          "largest_bytes",
          largest,
          "memory",
          Memory.now());
    }
  }
}
