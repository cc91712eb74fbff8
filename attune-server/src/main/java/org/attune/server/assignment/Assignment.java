package org.attune.server.assignment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.Datasets;
import org.attune.server.dataset.SettingTable;
import org.attune.server.dataset.Versions;
import org.attune.server.json.Body;
import org.attune.server.record.Responses;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/** The rules of a dataset by which people are given records, as JSON and back. */
final class Assignment {

  static final int MOST_SUBMITTED = 1000;
  static final int LARGEST_QUOTA = 10_000_000;
  private static final int LONGEST_ORDER = 300;

  private Assignment() {}

  static Map<String, @Nullable Object> json(Dataset dataset) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("min_submitted", dataset.minSubmitted());
    json.put("max_submitted", dataset.seats());
    json.put("quota", dataset.quota());
    json.put("order", dataset.order());
    return json;
  }

  /** The names of the orders that a dataset can have. */
  static List<String> orders(Transaction transaction, Dataset dataset) {
    return RecordOrder.names(
        SettingTable.METADATA_PROPERTIES.of(transaction, dataset.id()).stream()
            .map(property -> property.value().name())
            .toList());
  }

  /**
   * Changes the rules that a body names; null takes a limit away.
   *
   * @throws org.attune.server.problem.SchemaException with every fault of the body
   */
  static Dataset change(
      Transaction transaction,
      Dataset dataset,
      Map<String, @Nullable Object> json,
      String authorId) {
    Body body = Body.of(json);
    int least =
        body.has("min_submitted")
            ? body.integer("min_submitted", 1, MOST_SUBMITTED)
            : dataset.minSubmitted();
    Integer most = limit(body, "max_submitted", dataset.maxSubmitted(), MOST_SUBMITTED);
    Integer quota = limit(body, "quota", dataset.quota(), LARGEST_QUOTA);
    String order = dataset.order();
    if (body.has("order")) {
      order = body.text("order", LONGEST_ORDER);
      List<String> known = orders(transaction, dataset);
      if (!known.contains(order)) {
        body.fault("order", "Input should be one of " + known, "enum");
      }
    }
    if (most != null && most < least) {
      body.fault(
          "max_submitted",
          "Input should be at least min_submitted, which is " + least + ", or null for no limit",
          "out_of_range");
    }
    body.check();
    Dataset changed =
        Datasets.update(transaction, dataset, dataset.withAssignment(least, most, quota, order));
    if (least != dataset.minSubmitted()) {
      Responses.judgeAll(transaction, changed);
    }
    Versions.keep(transaction, dataset.id(), authorId);
    return changed;
  }

  private static @Nullable Integer limit(
      Body body, String key, @Nullable Integer before, int largest) {
    if (!body.has(key)) {
      return before;
    }
    return body.raw(key) == null ? null : Integer.valueOf(body.integer(key, 1, largest));
  }
}
