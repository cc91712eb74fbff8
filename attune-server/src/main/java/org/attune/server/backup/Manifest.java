package org.attune.server.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a backup holds: the last part that is written, and the first that is read.
 *
 * @param attuneBackup the version of the form of backups
 * @param schemaVersion that of the database it was taken of
 */
record Manifest(
    int attuneBackup,
    String createdAt,
    String schemaVersion,
    List<TablePart> tables,
    List<FilePart> files) {

  static final int FORM = 1;
  static final String NAME = "manifest.json";

  private static final JsonMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  /** A part of the archive, with what it must be when it is unpacked. */
  sealed interface Part {
    String entry();

    long bytes();

    String sha256();
  }

  /**
   * The rows of a table, a JSON array on each line.
   *
   * @param counter the last number that its counting key gave away, if it has one
   */
  record TablePart(
      String name,
      List<Table.Column> columns,
      long rows,
      @Nullable Long counter,
      long bytes,
      String sha256)
      implements Part {

    @Override
    public String entry() {
      return "tables/" + name + ".jsonl";
    }
  }

  /**
   * A file of the data folder.
   *
   * @param path in that folder, with slashes
   */
  record FilePart(String path, long bytes, String sha256) implements Part {

    @Override
    public String entry() {
      return entry(path);
    }

    static String entry(String path) {
      return "files/" + path;
    }

    /** Where it belongs; a path that leads out of the folder is no work of a backup. */
    Path in(Path folder) {
      Path file = folder.resolve(path).normalize();
      if (!file.startsWith(folder.normalize()) || file.equals(folder.normalize())) {
        throw new BackupException(
            "The backup has a file \"%s\", which lies outside of the data folder. Attune wrote no such backup; do not trust it."
                .formatted(path));
      }
      return file;
    }
  }

  long rows() {
    return tables.stream().mapToLong(TablePart::rows).sum();
  }

  byte[] json() {
    return MAPPER.writeValueAsBytes(this);
  }

  static Manifest read(InputStream json) throws IOException {
    try {
      return MAPPER.readValue(json.readAllBytes(), Manifest.class);
    } catch (JacksonException e) {
      throw new BackupException("Its list of contents cannot be read", e);
    }
  }
}
