package org.attune.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.attune.server.JavaProcess;
import org.attune.server.ServerOptions;
import org.attune.server.TestServer;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.fault.Measured;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} while the index writes, merges and commits. {@code -Dattune.kills=50} tries it
 * longer.
 */
class IndexKilledTest {

  private static final int LONGEST_MILLIS = 2000;
  private static final long SEED = 13;

  /** The PostgreSQL database to use, or null for the embedded one. */
  ServerOptions.@Nullable PostgreSql shared() {
    return null;
  }

  /** All records with a word. */
  static SearchRequest everything(String word, long offset) {
    return new SearchRequest(null, word, null, null, List.of(), List.of(), offset, 10_000);
  }

  @Test
  void finds_exactly_what_is_in_the_database(@TempDir Path folder) throws Exception {
    int kills = Measured.kills(4);
    ServerOptions.PostgreSql shared = shared();
    try (TestServer server = TestServer.over(folder, shared)) {
      server.dataset(server.workspace());
    }
    Random random = new Random(SEED);
    List<String> arguments = new ArrayList<>(List.of(folder.toString()));
    if (shared != null) {
      arguments.addAll(List.of(shared.address(), shared.user()));
    }
    long compared = 0;
    for (int round = 0; round < kills; round++) {
      try (JavaProcess process = JavaProcess.start(List.of(), IndexProcess.class, arguments)) {
        assertThat(process.line("round")).as(process.log()).isNotEmpty();
        TimeUnit.MILLISECONDS.sleep(100 + random.nextInt(LONGEST_MILLIS));
        process.kill();
      }
      try (Database database = IndexProcess.open(folder, shared);
          Search search = IndexProcess.search(database, folder)) {
        compared += compare(database, search);
      }
    }
    Measured.note(
        getClass(),
        "`kill -9` while the index writes, merges and commits, "
            + (shared == null ? "embedded" : "PostgreSQL"),
        kills + " kills, the search agrees with the database",
        compared + " records compared by their words, no difference");
  }

  /** Compares, word for word, which records have it, and returns how many there are. */
  private static long compare(Database database, Search search) {
    DatasetSettings settings = database.read(IndexProcess::settings);
    Map<String, Set<String>> byWord = new HashMap<>();
    database.read(
        transaction -> {
          transaction.each(
              "SELECT id, fields FROM records",
              row -> {
                String word = row.getString("fields").replaceFirst("(?s).*(v\\d+).*", "$1");
                byWord.computeIfAbsent(word, w -> new HashSet<>()).add(row.getString("id"));
              });
          return 0;
        });
    Set<String> all = new HashSet<>();
    byWord.forEach(
        (word, ids) -> {
          assertThat(found(search, settings, word)).as(word).isEqualTo(ids);
          all.addAll(ids);
        });
    assertThat(found(search, settings, "every")).isEqualTo(all);
    return all.size();
  }

  private static Set<String> found(Search search, DatasetSettings settings, String word) {
    List<String> ids =
        search.find(settings, everything(word, 0)).hits().stream().map(Hits.Hit::recordId).toList();
    assertThat(ids).doesNotHaveDuplicates();
    return new HashSet<>(ids);
  }
}
