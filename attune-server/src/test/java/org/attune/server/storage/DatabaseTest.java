package org.attune.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;

class DatabaseTest {

  private static final String INSERT = "INSERT INTO server_state (name, value) VALUES (?, ?)";
  private static final String COUNT = "SELECT COUNT(*) FROM server_state";

  private Path folder;
  private Database database;

  @BeforeEach
  void open(@TempDir Path folder) {
    this.folder = folder;
    database = Databases.embedded(folder, Clock.systemUTC());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private long count() {
    return database.read(transaction -> transaction.number(COUNT));
  }

  @Nested
  class a_change {

    @Test
    void is_seen_by_readers_once_it_returned() {
      database.change(transaction -> transaction.update(INSERT, "a", "1"));

      assertThat(count()).isEqualTo(1);
    }

    @Test
    void that_throws_leaves_nothing() {
      assertThatThrownBy(
              () ->
                  database.change(
                      transaction -> {
                        transaction.update(INSERT, "a", "1");
                        throw new IllegalStateException("on purpose");
                      }))
          .hasMessage("on purpose");

      assertThat(count()).isZero();
    }

    @Test
    void survives_reopening() {
      database.change(transaction -> transaction.update(INSERT, "a", "1"));
      database.close();

      database = Databases.embedded(folder, Clock.systemUTC());

      assertThat(count()).isEqualTo(1);
    }

    @Test
    void within_another_one_is_a_fault_and_no_deadlock() {
      assertThatThrownBy(
              () ->
                  database.change(
                      transaction -> database.change(inner -> inner.update(INSERT, "a", "1"))))
          .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tells_others_only_after_it_is_safe() {
      List<Long> seen = new ArrayList<>();
      database.change(
          transaction -> {
            transaction.afterCommit(() -> seen.add(count()));
            transaction.update(INSERT, "a", "1");
          });

      assertThat(seen).containsExactly(1L);
    }
  }

  @Nested
  class changes_of_many {

    private <T> List<Future<T>> together(List<Callable<T>> work) throws InterruptedException {
      ExecutorService threads = Executors.newFixedThreadPool(work.size());
      try {
        return threads.invokeAll(work);
      } finally {
        threads.shutdown();
      }
    }

    @Test
    void share_commits_and_lose_nothing() throws Exception {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String name = "n" + i;
        work.add(
            () -> {
              for (int k = 0; k < 20; k++) {
                String key = name + "." + k;
                database.change(transaction -> transaction.update(INSERT, key, "1"));
              }
              return true;
            });
      }

      for (Future<Boolean> done : together(work)) {
        assertThat(done.get()).isTrue();
      }

      assertThat(count()).isEqualTo(2000);
    }

    @Test
    void undo_only_the_one_that_fails() throws Exception {
      List<Callable<String>> work = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        String name = "n" + i % 30; // each name twice: the second one breaks the key
        work.add(
            () -> {
              try {
                database.change(transaction -> transaction.update(INSERT, name, "1"));
                return "done";
              } catch (DataAccessException e) {
                return "refused";
              }
            });
      }

      List<String> outcomes = new ArrayList<>();
      for (Future<String> outcome : together(work)) {
        outcomes.add(outcome.get());
      }

      assertThat(outcomes).filteredOn("done"::equals).hasSize(30);
      assertThat(outcomes).filteredOn("refused"::equals).hasSize(30);
      assertThat(count()).isEqualTo(30);
    }
  }

  @Test
  void readers_cannot_write() {
    assertThatThrownBy(() -> database.read(transaction -> transaction.update(INSERT, "a", "1")))
        .isInstanceOf(StorageException.class)
        .rootCause()
        .hasMessageContaining("READONLY");
  }

  @Nested
  class moments {

    @Test
    void grow_even_if_the_clock_is_set_back() {
      Instant[] now = {Instant.parse("2026-01-01T00:00:00Z")};
      Moments moments =
          new Moments(
              new Clock() {
                @Override
                public ZoneOffset getZone() {
                  return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(java.time.ZoneId zone) {
                  return this;
                }

                @Override
                public Instant instant() {
                  return now[0];
                }
              });
      long before = moments.reserve(10);
      now[0] = Instant.parse("2020-01-01T00:00:00Z");

      assertThat(moments.next()).isEqualTo(before + 10);
    }

    @Test
    void are_written_with_six_digits_and_without_a_zone() {
      assertThat(Moments.text(1_700_000_000_000_000L)).isEqualTo("2023-11-14T22:13:20.000000");
      assertThat(Moments.parse("2023-11-14T22:13:20")).isEqualTo(1_700_000_000_000_000L);
      assertThat(Moments.parse("2023-11-14T23:13:20.5+01:00")).isEqualTo(1_700_000_000_500_000L);
    }
  }
}
