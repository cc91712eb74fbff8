package org.attune.benchmarks.storage;

import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes until it is killed, and says after each commit what it committed: these lines are the
 * acknowledgements.
 *
 * <p>One thread pushes a new bulk and deletes the oldest, in turn, so that the store keeps its size
 * and uses freed space again; the others submit answers to the newer records.
 */
final class UnsafeWork {
  private static final int ANNOTATORS = 8;

  private final Candidate candidate;
  private final Path folder;
  private final PrintStream out;
  private final Statements statements;

  UnsafeWork(Candidate candidate, Path folder, PrintStream out) {
    this.candidate = candidate;
    this.folder = folder;
    this.out = out;
    statements = new Statements(candidate);
  }

  /** Ends only by being killed, or by a failure. */
  void run(long seed) throws SQLException {
    long low;
    long high;
    try (Connection connection = candidate.connect(folder)) {
      low = Statements.number(connection, "SELECT MIN(record_key) FROM records");
      high = Statements.number(connection, "SELECT MAX(record_key) FROM records") + 1;
    }
    ExecutorService threads = Executors.newCachedThreadPool();
    try (Writes writes = candidate.writes(folder)) {
      say("OPEN");
      List<Callable<Void>> work = new ArrayList<>();
      work.add(() -> slide(writes, FeedbackRecord.bulkOf(low), FeedbackRecord.bulkOf(high)));
      long newer = low + (high - low) * 3 / 4;
      for (int i = 1; i <= ANNOTATORS; i++) {
        int user = i;
        SplittableRandom random = new SplittableRandom(seed * ANNOTATORS + user);
        work.add(() -> annotate(writes, user, newer, high, random));
      }
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("The work that was to be killed ended by itself", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private Void slide(Writes writes, long oldest, long next) throws SQLException {
    long kept = (oldest + next) / 2;
    for (int i = 0; ; i++) {
      long inserted = next + i;
      writes.commit(
          connection -> {
            statements.insertBulk(connection, inserted);
            return inserted;
          });
      say("INSERTED " + inserted);
      long deleted = oldest + i;
      if (deleted >= kept) {
        continue; // records that may have been answered are not deleted
      }
      writes.commit(
          connection -> {
            statements.deleteBulk(connection, deleted);
            return deleted;
          });
      say("DELETED " + deleted);
    }
  }

  private Void annotate(Writes writes, long user, long from, long to, SplittableRandom random)
      throws SQLException {
    while (true) {
      long record = random.nextLong(from, to);
      long revision = writes.commit(connection -> statements.submit(connection, record, user));
      say("SUBMITTED " + record + " " + user + " " + revision);
    }
  }

  /** One write to the pipe a line: what the parent has read whole was acknowledged. */
  private synchronized void say(String line) {
    out.print(line + "\n");
    out.flush();
  }
}
