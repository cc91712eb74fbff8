package org.attune.server.backup;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.storage.Schema;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** Puts the rows of a backup into tables, a few hundred at a time. */
final class RowLoader {

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .build();
  private static final int ROWS_AT_ONCE = 500;
  private static final long MOST_CHARACTERS = 8_000_000;

  private final Connection connection;
  private final boolean isPostgreSql;
  private final Archive archive;
  private final Progress progress;
  private final long total;
  private final Map<String, Manifest.TablePart> parts = new LinkedHashMap<>();
  private long done;

  RowLoader(Connection connection, Schema.Dialect dialect, Archive archive, Progress progress) {
    this.connection = connection;
    this.isPostgreSql = dialect == Schema.Dialect.POSTGRESQL;
    this.archive = archive;
    this.progress = progress;
    this.total = archive.manifest().rows();
    archive.manifest().tables().forEach(part -> parts.put(part.name(), part));
  }

  /**
   * The tables of the backup in the order in which the database wants them.
   *
   * @throws BackupException if the database lacks one of them, or a column
   */
  List<Table> inOrder(List<Table> known) {
    List<Table> order = new ArrayList<>();
    List<String> unknown = new ArrayList<>(parts.keySet());
    for (Table table : known) {
      Manifest.TablePart part = parts.get(table.name());
      if (part != null) {
        unknown.remove(table.name());
        part.columns().stream()
            .filter(column -> !table.columns().contains(column))
            .forEach(column -> unknown.add(table.name() + "." + column.name()));
        order.add(new Table(part.name(), part.columns()));
      }
    }
    if (!unknown.isEmpty()) {
      throw new BackupException(
          "The backup has %s, which this Attune's database has not. Restore it with the Attune that made it."
              .formatted(unknown));
    }
    return order;
  }

  void load(Table table) throws SQLException, IOException {
    Manifest.TablePart part = parts.get(table.name());
    if (part == null) {
      return;
    }
    try (InputStream rows = archive.content(part);
        JsonParser json = JSON.createParser(rows);
        PreparedStatement insert = connection.prepareStatement(insert(table))) {
      int waiting = 0;
      long characters = 0;
      while (json.nextToken() == JsonToken.START_ARRAY) {
        long start = json.currentLocation().getByteOffset();
        for (int i = 0; i < table.columns().size(); i++) {
          json.nextToken();
          requireStorable(json, table, table.columns().get(i));
          table.columns().get(i).kind().read(json, insert, i + 1);
        }
        json.nextToken();
        characters += json.currentLocation().getByteOffset() - start;
        insert.addBatch();
        done++;
        if (++waiting == ROWS_AT_ONCE || characters > MOST_CHARACTERS) {
          insert.executeBatch();
          progress.at("restore", done, total);
          waiting = 0;
          characters = 0;
        }
      }
      insert.executeBatch();
    } catch (JacksonException e) {
      throw new BackupException(
          "Row %d of the backup's table %s cannot be read: %s."
              .formatted(done, table.name(), e.getOriginalMessage()),
          e);
    }
    progress.at("restore", done, total);
  }

  private void requireStorable(JsonParser json, Table table, Table.Column column) {
    if (isPostgreSql
        && column.kind() == Kind.TEXT
        && String.valueOf(json.getString()).indexOf(0) >= 0) {
      throw new BackupException(
          "A value of %s.%s has a NUL character, which PostgreSQL cannot hold. Restore the backup into a file, correct it there with a client, and make a new one."
              .formatted(table.name(), column.name()));
    }
  }

  private String insert(Table table) {
    return "INSERT INTO %s (%s)%s VALUES (%s)"
        .formatted(
            table.quoted(),
            table.columnNames(),
            isPostgreSql ? " OVERRIDING SYSTEM VALUE" : "", // keys keep their numbers
            String.join(", ", Collections.nCopies(table.columns().size(), "?")));
  }
}
