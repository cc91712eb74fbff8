package org.attune.server.quality;

import java.util.LinkedHashMap;
import java.util.Map;
import org.attune.server.storage.Transaction;

/** Who answered anything in a dataset. */
final class Responders {

  private Responders() {}

  /** From their names to their ids, in the order of their names. */
  static Map<String, String> of(Transaction transaction, String datasetId) {
    Map<String, String> ids = new LinkedHashMap<>();
    transaction.each(
        "SELECT DISTINCT u.username, u.id FROM responses r JOIN users u ON u.id = r.user_id"
            + " WHERE r.dataset_id = ? ORDER BY u.username",
        row -> ids.put(row.getString(1), row.getString(2)),
        datasetId);
    return ids;
  }
}
