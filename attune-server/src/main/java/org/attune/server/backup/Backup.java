package org.attune.server.backup;

import static org.attune.server.backup.PrivateFiles.flush;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.attune.data.InvalidInputException;
import org.attune.server.storage.RestoreMarker;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a backup: a ZIP archive of all rows of all tables as JSON, in a form that either database
 * can be filled from, and of the files of the data folder. The search index is not in it; a server
 * makes it again.
 *
 * <p>All rows are of one moment. The server goes on serving and writing meanwhile. A row and a few
 * buffers are all that is in memory.
 */
public final class Backup {

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
  private static final int ROWS_AT_ONCE = 200;
  private static final int REPORT_EVERY = 1000;

  private final Store store;
  private final Progress progress;
  private final ZipOutputStream zip;
  private long done;
  private long total;

  private Backup(Store store, Progress progress, ZipOutputStream zip) {
    this.store = store;
    this.progress = progress;
    this.zip = zip;
  }

  /** What a backup came to. */
  public record Summary(int tables, long rows, int files, long bytes) {}

  /**
   * Writes all of a store into a new file, which appears under its name once it is whole.
   *
   * @throws InvalidInputException if there is such a file, or nothing to back up
   * @throws UncheckedIOException if it cannot be written; nothing is left of it then
   */
  public static Summary write(Store store, Path file, Progress progress) {
    Path target = file.toAbsolutePath().normalize();
    store.requireThere();
    RestoreMarker.requireNone(store.data());
    requireNew(store, target);
    Path temporary = PrivateFiles.hidden(target, "part");
    try {
      Summary summary = write(store, temporary, target, progress);
      flush(target.resolveSibling("."));
      return summary;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The backup %s cannot be written: %s. Nothing is left of it; make room, or write it elsewhere."
              .formatted(file, e.getMessage()),
          e);
    } catch (SQLException e) {
      throw store.failed("read", e);
    } finally {
      PrivateFiles.deleteQuietly(temporary);
    }
  }

  private static void requireNew(Store store, Path target) {
    if (Files.exists(target)) {
      throw new InvalidInputException(
          "%s exists already. Give a name that is new, or remove the file first."
              .formatted(target));
    }
    if (target.startsWith(store.data().toAbsolutePath().normalize())) {
      throw new InvalidInputException(
          "%s lies in the data folder, where it would be lost with it, and be a part of the next backup. Write it elsewhere, at best on another disk."
              .formatted(target));
    }
  }

  private static Summary write(Store store, Path temporary, Path target, Progress progress)
      throws IOException, SQLException {
    Manifest manifest;
    Files.deleteIfExists(temporary); // of one that was killed
    try (var channel = PrivateFiles.create(temporary);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(Deflater.BEST_SPEED);
      manifest = new Backup(store, progress, zip).all();
      zip.finish();
      out.flush();
      channel.force(true);
    }
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    return new Summary(
        manifest.tables().size(), manifest.rows(), manifest.files().size(), Files.size(target));
  }

  private Manifest all() throws IOException, SQLException {
    String version =
        store
            .schema()
            .version()
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        store + " has no tables. Start the server once, or name another one."));
    try (Connection connection = store.snapshot()) {
      Catalogue catalogue = new Catalogue(connection, store.dialect());
      List<Table> tables = catalogue.tables();
      for (Table table : tables) {
        total += catalogue.count(table);
      }
      // first, since a file can be deleted while the rows stay as they are
      List<Manifest.FilePart> files = files();
      List<Manifest.TablePart> parts = new ArrayList<>();
      for (Table table : tables) {
        parts.add(table(connection, catalogue, table));
      }
      progress.at("backup", done, done);
      Manifest manifest =
          new Manifest(Manifest.FORM, Instant.now().toString(), version, parts, files);
      zip.putNextEntry(new ZipEntry(Manifest.NAME));
      zip.write(manifest.json());
      zip.closeEntry();
      return manifest;
    }
  }

  private List<Manifest.FilePart> files() throws IOException {
    List<Manifest.FilePart> parts = new ArrayList<>();
    if (!Files.isDirectory(store.data())) {
      return parts; // with a database elsewhere it is made when it is needed
    }
    List<Path> paths;
    try (Stream<Path> all = Files.walk(store.data())) {
      paths = all.filter(this::belongs).sorted().toList();
    }
    for (Path path : paths) {
      String name = store.data().relativize(path).toString().replace('\\', '/');
      try (InputStream content = Files.newInputStream(path)) {
        zip.putNextEntry(new ZipEntry(Manifest.FilePart.entry(name)));
        Digest digest = new Digest(zip);
        content.transferTo(digest);
        zip.closeEntry();
        parts.add(new Manifest.FilePart(name, digest.bytes(), digest.sha256()));
      } catch (NoSuchFileException e) {
        // deleted since it was listed: nobody needs it any more
      }
    }
    return parts;
  }

  private boolean belongs(Path path) {
    Path inside = store.data().relativize(path);
    return !inside.startsWith(Store.INDEX)
        && !Store.isOfDatabase(inside.toString())
        && !inside.toString().endsWith(".lock")
        && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
  }

  private Manifest.TablePart table(Connection connection, Catalogue catalogue, Table table)
      throws IOException, SQLException {
    zip.putNextEntry(new ZipEntry("tables/" + table.name() + ".jsonl"));
    Digest digest = new Digest(zip);
    long rows = 0;
    try (var query = connection.prepareStatement(table.query());
        JsonGenerator json = JSON.createGenerator(digest)) {
      query.setFetchSize(ROWS_AT_ONCE);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          json.writeStartArray();
          for (int i = 0; i < table.columns().size(); i++) {
            table.columns().get(i).kind().write(row, i + 1, json);
          }
          json.writeEndArray();
          json.writeRaw('\n');
          rows++;
          if (++done % REPORT_EVERY == 0) {
            progress.at("backup", done, total);
          }
        }
      }
    }
    zip.closeEntry();
    return new Manifest.TablePart(
        table.name(),
        table.columns(),
        rows,
        catalogue.counter(table).orElse(null),
        digest.bytes(),
        digest.sha256());
  }
}
