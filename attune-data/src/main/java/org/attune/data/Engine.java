package org.attune.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * The embedded DuckDB of this process, and the folder of its temporary files.
 *
 * <p>Datasets are plain values that share it, so none of them has to be closed: it opens with the
 * first dataset and lives as long as the process. Each use takes a connection of its own. Spooled
 * files go when no dataset needs them any more, the folder when the process ends.
 */
final class Engine {
  static final Cleaner CLEANER = Cleaner.create();

  private static final int MAX_THREADS = 4;
  private static final String MEMORY_LIMIT = "1GB";

  private static final class Holder {
    static final Engine INSTANCE = new Engine();
  }

  private final Path folder;
  private final DuckDBConnection database;
  private final AtomicLong spoolCount = new AtomicLong();

  private Engine() {
    try {
      folder = Files.createTempDirectory("attune-data-");
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> deleteFolder(folder), "attune-data-cleanup"));
      Properties settings = new Properties();
      settings.setProperty("jdbc_stream_results", "true");
      settings.setProperty("autoinstall_known_extensions", "false");
      settings.setProperty("autoload_known_extensions", "false");
      // The order of rows is part of a dataset's value.
      settings.setProperty("preserve_insertion_order", "true");
      settings.setProperty("temp_directory", folder.resolve("spill").toString());
      settings.setProperty("memory_limit", MEMORY_LIMIT);
      settings.setProperty(
          "threads",
          String.valueOf(Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors())));
      database = (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", settings);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "No temporary folder for datasets could be made in java.io.tmpdir", e);
    } catch (SQLException e) {
      throw DatasetFormatException.of("The embedded database did not start: " + e.getMessage(), e);
    }
  }

  /** A connection of its own to the process's database; the caller closes it. */
  static Connection connect() throws SQLException {
    return Holder.INSTANCE.database.duplicate();
  }

  /** A name for a new temporary file. */
  static Path newTemporaryFile(String suffix) {
    Engine engine = Holder.INSTANCE;
    return engine.folder.resolve("spool-" + engine.spoolCount.incrementAndGet() + suffix);
  }

  private static void deleteFolder(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // Nobody is left to be told; the operating system clears its temporary folder.
    }
  }
}
