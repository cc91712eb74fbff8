package org.attune.server.dataset;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.json.Json;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/** The settings of published datasets as they were. */
public final class Versions {

  private Versions() {}

  /** A version: when it came about, and by whom. */
  public record Version(int number, String author, long insertedAt) {}

  /**
   * Keeps the present settings of a dataset, after a change of them.
   *
   * @throws org.attune.feedback.validation.InvalidFeedbackException if a dataset cannot have them
   */
  public static void keep(Transaction transaction, String datasetId, String authorId) {
    DatasetSettings settings =
        DatasetSettings.load(transaction, Datasets.get(transaction, datasetId));
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("guidelines", settings.dataset().guidelines());
    json.put("min_submitted", settings.dataset().minSubmitted());
    json.put("max_submitted", settings.dataset().maxSubmitted());
    json.put("quota", settings.dataset().quota());
    json.put("order", settings.dataset().order());
    json.put(
        "fields",
        settings.fields().stream().map(one -> SettingTable.FIELDS.json(one.value())).toList());
    json.put(
        "questions",
        settings.questions().stream()
            .map(one -> SettingTable.QUESTIONS.json(one.value()))
            .toList());
    transaction.update(
        "INSERT INTO dataset_versions (dataset_id, version, settings, author_id, inserted_at)"
            + " VALUES (?, ?, ?, ?, ?)",
        datasetId,
        settings.dataset().settingsVersion(),
        Json.write(json),
        authorId,
        transaction.now());
  }

  /** The versions that were kept, the newest first. */
  public static List<Version> of(Transaction transaction, String datasetId) {
    return transaction.list(
        "SELECT v.version, u.username, v.inserted_at FROM dataset_versions v"
            + " JOIN users u ON u.id = v.author_id WHERE v.dataset_id = ? ORDER BY v.version DESC",
        (row, index) -> new Version(row.getInt(1), row.getString(2), row.getLong(3)),
        datasetId);
  }

  /** Asks a question no more, unless it is the last one. Its answers stay. */
  public static void retire(Transaction transaction, Dataset dataset, String questionId) {
    transaction.update(
        "UPDATE questions SET retired_at = ? WHERE id = ? AND dataset_id = ?",
        transaction.now(),
        questionId,
        dataset.id());
    if (SettingTable.QUESTIONS.of(transaction, dataset.id()).isEmpty()) {
      throw RequestException.unprocessable("The last question cannot be retired.");
    }
    Datasets.settingsChanged(transaction, dataset.id());
  }
}
