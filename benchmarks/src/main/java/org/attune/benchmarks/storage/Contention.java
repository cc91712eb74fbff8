package org.attune.benchmarks.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Annotators at work: some read their next records, 200 submit, and a client may push bulks. */
final class Contention {
  private static final int READERS = 4;
  private static final int ANNOTATORS = 200;

  private final Candidate candidate;
  private final Path folder;
  private final Statements statements;
  private final long records;
  private final long nanos;
  private long nextBulk;

  Contention(Candidate candidate, Path folder, long records, int seconds) {
    this.candidate = candidate;
    this.folder = folder;
    this.records = records;
    statements = new Statements(candidate);
    nanos = TimeUnit.SECONDS.toNanos(seconds);
    nextBulk = FeedbackRecord.bulkOf(records);
  }

  Map<String, Object> run() throws SQLException {
    Map<String, Object> results = new LinkedHashMap<>();
    try (Writes writes = candidate.writes(folder)) {
      results.put("readers_alone", together(writes, READERS, 0, false));
      results.put("readers_and_bulks", together(writes, READERS, 0, true));
      results.put("submits_alone", together(writes, 0, ANNOTATORS, false));
      results.put("submits_and_readers", together(writes, READERS, ANNOTATORS, false));
      results.put("all", together(writes, READERS, ANNOTATORS, true));
      results.put("memory", Memory.now());
    }
    results.put("bytes", Candidate.bytes(folder));
    return results;
  }

  private Map<String, Object> together(Writes writes, int readers, int annotators, boolean bulks) {
    Latencies next = new Latencies();
    Latencies submits = new Latencies();
    Latencies pushed = new Latencies();
    long end = System.nanoTime() + nanos;
    List<Callable<Void>> threads = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      int seed = i;
      threads.add(() -> read(end, seed, next));
    }
    for (int i = 0; i < annotators; i++) {
      int user = i + 1;
      threads.add(() -> annotate(writes, end, user, submits));
    }
    if (bulks) {
      threads.add(() -> push(writes, end, pushed));
    }
    runAll(threads);
    Map<String, Object> result = new LinkedHashMap<>();
    if (readers > 0) {
      result.put("next_records", next.summary());
    }
    if (annotators > 0) {
      result.put("submit", submits.summary());
    }
    if (bulks) {
      result.put("bulk", pushed.summary());
    }
    return result;
  }

  private Void read(long end, int seed, Latencies latencies) throws SQLException {
    SplittableRandom random = new SplittableRandom(seed);
    try (Connection connection = candidate.reader(folder)) {
      while (System.nanoTime() < end) {
        long before = System.nanoTime();
        statements.nextRecords(connection, random.nextLong(records), random.nextLong(ANNOTATORS));
        latencies.add(System.nanoTime() - before);
      }
    }
    return null;
  }

  private Void annotate(Writes writes, long end, int user, Latencies latencies)
      throws SQLException {
    SplittableRandom random = new SplittableRandom(user);
    while (System.nanoTime() < end) {
      long record = random.nextLong(records);
      long before = System.nanoTime();
      writes.commit(connection -> statements.submit(connection, record, user));
      latencies.add(System.nanoTime() - before);
    }
    return null;
  }

  private Void push(Writes writes, long end, Latencies latencies) throws SQLException {
    while (System.nanoTime() < end) {
      long bulk = nextBulk++;
      long before = System.nanoTime();
      writes.commit(
          connection -> {
            statements.insertBulk(connection, bulk);
            return bulk;
          });
      latencies.add(System.nanoTime() - before);
    }
    return null;
  }

  private static void runAll(List<Callable<Void>> work) {
    ExecutorService threads = Executors.newFixedThreadPool(work.size());
    try {
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("A thread of the trial failed", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
