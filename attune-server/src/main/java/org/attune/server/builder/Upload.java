package org.attune.server.builder;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.attune.server.json.Json;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * A file that a dataset is to be filled from.
 *
 * @param fileName as the person's computer called it; shown, never opened
 * @param storedAs the name in the server's folder
 * @param mapping from the name of each column to what becomes of it
 */
record Upload(String datasetId, String fileName, String storedAs, Map<String, ColumnUse> mapping) {

  static Optional<Upload> of(Transaction transaction, String datasetId) {
    return transaction.find(
        "SELECT * FROM uploads WHERE dataset_id = ?",
        (row, index) ->
            new Upload(
                datasetId,
                row.getString("file_name"),
                row.getString("stored_as"),
                read(Json.object(row.getString("mapping")))),
        datasetId);
  }

  private static Map<String, ColumnUse> read(Map<String, @Nullable Object> json) {
    Map<String, ColumnUse> mapping = new LinkedHashMap<>();
    json.forEach((column, use) -> mapping.put(column, ColumnUse.read(use)));
    return mapping;
  }

  void save(Transaction transaction) {
    Map<String, Object> json = new LinkedHashMap<>();
    mapping.forEach((column, use) -> json.put(column, use.json()));
    transaction.update(
        "INSERT INTO uploads (dataset_id, file_name, stored_as, mapping, inserted_at)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (dataset_id) DO UPDATE SET"
            + " file_name = excluded.file_name, stored_as = excluded.stored_as,"
            + " mapping = excluded.mapping",
        datasetId,
        fileName,
        storedAs,
        Json.write(json),
        transaction.now());
  }

  void delete(Transaction transaction) {
    transaction.update("DELETE FROM uploads WHERE dataset_id = ?", datasetId);
  }

  Upload mapped(Map<String, ColumnUse> newMapping) {
    return new Upload(datasetId, fileName, storedAs, newMapping);
  }
}
