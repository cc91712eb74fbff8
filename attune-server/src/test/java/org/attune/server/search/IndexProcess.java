package org.attune.server.search;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.server.ServerOptions;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Datasets;
import org.attune.server.record.RecordWriter;
import org.attune.server.record.Records;
import org.attune.server.record.StoredRecord;
import org.attune.server.storage.Database;
import org.attune.server.storage.Databases;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Adds, changes and deletes records while their index writes small parts, merges and commits them
 * without a pause, for tests that kill it.
 */
public final class IndexProcess {

  private static final IndexPace HURRIED = new IndexPace(0.1, 2, 2, 1);
  private static final int BULK = 100;
  private static final int KEPT = 3_000;

  private IndexProcess() {}

  static Database open(Path folder, ServerOptions.@Nullable PostgreSql shared) {
    return shared == null
        ? Databases.embedded(folder, Clock.systemUTC())
        : Databases.postgresql(
            shared.address(), shared.user(), shared.password(), Clock.systemUTC());
  }

  static Search search(Database database, Path folder) {
    return new Search(database, folder.resolve("index"), HURRIED);
  }

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    Database database =
        open(
            folder,
            arguments.length == 1
                ? null
                : new ServerOptions.PostgreSql(arguments[1], arguments[2], ""));
    Search search = search(database, folder);
    for (long version = System.nanoTime(); ; version++) {
      change(database, "v" + version);
      search.find(
          database.read(IndexProcess::settings), IndexKilledTest.everything("v" + version, 0));
      System.out.println("round");
      System.out.flush();
    }
  }

  static DatasetSettings settings(Transaction transaction) {
    return DatasetSettings.load(transaction, Datasets.all(transaction).get(0));
  }

  /** Adds some records, marks some with a new word, and deletes some. */
  private static void change(Database database, String word) {
    database.change(
        transaction -> {
          DatasetSettings settings = settings(transaction);
          Dataset dataset = settings.dataset();
          String author =
              transaction
                  .find("SELECT id FROM users", (row, index) -> row.getString(1))
                  .orElseThrow();
          List<Map<String, @Nullable Object>> items = new ArrayList<>();
          for (int i = 0; i < BULK; i++) {
            items.add(Map.of("fields", Map.of("text", "every record, " + word)));
          }
          List<StoredRecord> oldest = Records.page(transaction, dataset, 0, BULK);
          for (StoredRecord record : oldest) {
            items.add(Map.of("id", record.id(), "fields", Map.of("text", "every record, " + word)));
          }
          new RecordWriter(transaction, settings, author).upsert(items);
          if (Records.count(transaction, dataset) > KEPT) {
            Records.delete(transaction, dataset, oldest.stream().map(StoredRecord::id).toList());
          }
        });
  }
}
