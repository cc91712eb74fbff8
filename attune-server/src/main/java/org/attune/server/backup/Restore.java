package org.attune.server.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.attune.data.InvalidInputException;
import org.attune.server.storage.RestoreMarker;
import org.attune.server.storage.Schema;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Makes a server's data of a backup, in a folder and a database that hold nothing yet. Until it has
 * come to its end the folder says so, and no server starts there; the same command then begins
 * anew.
 */
public final class Restore {

  private final Archive archive;
  private final Store store;
  private final Progress progress;

  private Restore(Archive archive, Store store, Progress progress) {
    this.archive = archive;
    this.store = store;
    this.progress = progress;
  }

  /** What a restore came to. */
  public record Summary(int tables, long rows, int files, String madeAt) {}

  /**
   * Fills an empty store.
   *
   * @throws InvalidInputException if the store is not empty
   * @throws BackupException if the backup is damaged, or of a newer Attune; nothing was touched
   *     then
   */
  public static Summary run(Path backup, Store store, Progress progress) {
    try (Archive archive = Archive.open(backup)) {
      archive.verify(progress);
      return new Restore(archive, store, progress).run();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The backup %s cannot be restored into %s: %s. Correct that and run the command again."
              .formatted(backup, store.data(), e),
          e);
    } catch (SQLException e) {
      throw store.failed("filled", e);
    }
  }

  private Summary run() throws IOException, SQLException {
    Manifest manifest = archive.manifest();
    requireKnown(manifest.schemaVersion());
    boolean again = RestoreMarker.isIn(store.data());
    if (!again) {
      requireEmptyFolder();
    }
    if (store.database() != null) {
      requireEmptyDatabase();
    }
    PrivateFiles.createFolder(store.data());
    RestoreMarker.write(store.data());
    if (again) {
      clear();
    }
    if (store.database() == null) {
      PrivateFiles.create(store.file()).close();
    }
    for (Manifest.FilePart part : manifest.files()) {
      file(part);
    }
    store.schema().migrate(manifest.schemaVersion());
    try (Connection connection = store.source().getConnection()) {
      fill(connection);
    }
    store.schema().migrate();
    if (store.database() == null) {
      PrivateFiles.flush(store.file());
    }
    RestoreMarker.remove(store.data());
    return new Summary(
        manifest.tables().size(), manifest.rows(), manifest.files().size(), manifest.createdAt());
  }

  private static void requireKnown(String version) {
    // what this program knows does not depend on the database, which may not be there yet
    Schema schema =
        Schema.of(new DriverManagerDataSource("jdbc:sqlite::memory:"), Schema.Dialect.SQLITE);
    if (schema.isNewer(version)) {
      throw new BackupException(
          "The backup has version %s of the database's schema, and this Attune knows %s. Restore it with the Attune that made it, or a newer one."
              .formatted(version, schema.newest()));
    }
  }

  private void requireEmptyFolder() throws IOException {
    if (!Files.exists(store.data())) {
      return;
    }
    try (Stream<Path> entries = Files.list(store.data())) {
      List<String> found =
          entries.map(Path::getFileName).map(Path::toString).sorted().limit(5).toList();
      if (!found.isEmpty()) {
        throw new InvalidInputException(
            "%s is not empty: it holds %s. A restore overwrites nothing; name a new folder with --data, or move this one away."
                .formatted(store.data(), found));
      }
    }
  }

  private void requireEmptyDatabase() throws SQLException {
    try (Connection connection = store.source().getConnection()) {
      Catalogue catalogue = new Catalogue(connection, store.dialect());
      List<String> filled = new ArrayList<>();
      for (Table table : catalogue.tables()) {
        if (catalogue.count(table) > 0) {
          filled.add(table.name());
        }
      }
      if (!filled.isEmpty()) {
        throw new InvalidInputException(
            "%s is not empty: it has rows in %s. A restore overwrites nothing; make a new database (createdb NAME) and name it with --database."
                .formatted(store, filled));
      }
    }
  }

  /** Removes what an earlier attempt left: the folder was empty before it. */
  private void clear() throws IOException {
    List<Path> left;
    try (Stream<Path> all = Files.walk(store.data())) {
      left = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : left) {
      if (!path.equals(store.data()) && !RestoreMarker.isMarker(path)) {
        Files.delete(path);
      }
    }
  }

  private void file(Manifest.FilePart part) throws IOException {
    Path target = part.in(store.data());
    PrivateFiles.createFolder(target.resolveSibling("."));
    try (var channel = PrivateFiles.create(target);
        InputStream content = archive.content(part)) {
      content.transferTo(Channels.newOutputStream(channel));
      channel.force(true);
    }
  }

  /** All rows in one transaction: of a database that others see, none or all are there. */
  private void fill(Connection connection) throws SQLException, IOException {
    Catalogue catalogue = new Catalogue(connection, store.dialect());
    if (store.database() == null) {
      set(connection, "foreign_keys = 0"); // checked at the end, all together
      set(connection, "journal_mode = OFF"); // a file that nobody opens before it is whole
      set(connection, "synchronous = OFF");
    }
    connection.setAutoCommit(false);
    RowLoader loader = new RowLoader(connection, store.dialect(), archive, progress);
    for (Table table : loader.inOrder(catalogue.tables())) {
      loader.load(table);
    }
    for (Manifest.TablePart part : archive.manifest().tables()) {
      if (part.counter() != null) {
        catalogue.setCounter(new Table(part.name(), part.columns()), part.counter());
      }
    }
    connection.commit();
    if (store.database() == null) {
      connection.setAutoCommit(true);
      requireSound(connection);
    }
  }

  private static void set(Connection connection, String pragma) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA " + pragma);
    }
  }

  private static void requireSound(Connection connection) throws SQLException {
    try (var query = connection.createStatement();
        ResultSet dangling = query.executeQuery("PRAGMA foreign_key_check")) {
      if (dangling.next()) {
        throw new BackupException(
            "The backup has a row in %s that refers to none in %s. It was taken of a damaged database; use an older one."
                .formatted(dangling.getString(1), dangling.getString(3)));
      }
    }
  }
}
