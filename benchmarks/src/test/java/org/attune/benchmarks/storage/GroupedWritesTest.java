package org.attune.benchmarks.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GroupedWritesTest {
  private static final int THREADS = 20;
  private final Statements statements = new Statements(Candidate.SQLITE);

  @TempDir private Path folder;

  @BeforeEach
  void one_bulk_is_there() throws SQLException {
    Schema.create(Candidate.SQLITE, folder);
    Ingest.run(Candidate.SQLITE, folder, 0, 1);
  }

  @Test
  void a_write_that_fails_is_undone_alone() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (Writes writes = new GroupedWrites(Candidate.SQLITE, folder)) {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        // every other record does not exist, and the foreign key refuses its answer
        long record = i % 2 == 0 ? i : 10_000 + i;
        work.add(() -> succeeds(writes, record));
      }

      int succeeded = 0;
      for (Future<Boolean> done : threads.invokeAll(work)) {
        succeeded += done.get() ? 1 : 0;
      }

      assertThat(succeeded).isEqualTo(THREADS / 2);
      try (Connection connection = Candidate.SQLITE.reader(folder)) {
        long kept =
            Statements.number(connection, "SELECT COUNT(*) FROM responses WHERE user_key = 9");
        assertThat(kept).isEqualTo(THREADS / 2);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void a_failure_says_why() throws SQLException {
    try (Writes writes = new GroupedWrites(Candidate.SQLITE, folder)) {
      assertThatThrownBy(() -> writes.commit(connection -> statements.submit(connection, -1, 9)))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("FOREIGN KEY");
    }
  }

  private boolean succeeds(Writes writes, long record) {
    try {
      writes.commit(connection -> statements.submit(connection, record, 9));
      return true;
    } catch (SQLException e) {
      return false;
    }
  }
}
