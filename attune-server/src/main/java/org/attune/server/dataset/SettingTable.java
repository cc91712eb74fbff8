package org.attune.server.dataset;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.attune.feedback.argilla.FieldJson;
import org.attune.feedback.argilla.MetadataPropertyJson;
import org.attune.feedback.argilla.QuestionJson;
import org.attune.feedback.argilla.VectorSettingsJson;
import org.attune.feedback.field.Field;
import org.attune.feedback.field.MetadataProperty;
import org.attune.feedback.field.VectorSettings;
import org.attune.feedback.question.Question;
import org.attune.server.json.Json;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * One kind of setting in the database. Each row holds the JSON that clients see, a column for a
 * key.
 */
public final class SettingTable<T> {

  public static final SettingTable<Field> FIELDS =
      new SettingTable<>(
          "fields",
          "Field",
          List.of("name", "title", "required", "settings"),
          FieldJson::write,
          FieldJson::read);

  /** The questions that are asked; retired ones stay in the database. */
  public static final SettingTable<Question> QUESTIONS =
      new SettingTable<>(
          "questions",
          "Question",
          List.of("name", "title", "description", "required", "settings"),
          QuestionJson::write,
          QuestionJson::read);

  public static final SettingTable<MetadataProperty> METADATA_PROPERTIES =
      new SettingTable<>(
          "metadata_properties",
          "Metadata property",
          List.of("name", "title", "settings", "visible_for_annotators"),
          MetadataPropertyJson::write,
          MetadataPropertyJson::read);

  public static final SettingTable<VectorSettings> VECTORS =
      new SettingTable<>(
          "vectors_settings",
          "Vector settings",
          List.of("name", "title", "dimensions"),
          VectorSettingsJson::write,
          VectorSettingsJson::read);

  private final String table;
  private final String kind;
  private final List<String> columns;
  private final Function<T, Map<String, @Nullable Object>> write;
  private final Function<@Nullable Object, T> read;

  private SettingTable(
      String table,
      String kind,
      List<String> columns,
      Function<T, Map<String, @Nullable Object>> write,
      Function<@Nullable Object, T> read) {
    this.table = table;
    this.kind = kind;
    this.columns = columns;
    this.write = write;
    this.read = read;
  }

  /** The JSON of a setting, without what the server adds. */
  public Map<String, @Nullable Object> json(T value) {
    return write.apply(value);
  }

  /** Reads a setting that a client sent. */
  public T parse(Map<String, @Nullable Object> body) {
    return read.apply(body);
  }

  public List<Setting<T>> of(Transaction transaction, String datasetId) {
    return transaction.list(
        "SELECT * FROM "
            + table
            + " WHERE dataset_id = ?"
            + (hasPlace()
                ? active() + " ORDER BY place, inserted_at, id"
                : " ORDER BY inserted_at, id"),
        this::setting,
        datasetId);
  }

  public Setting<T> get(Transaction transaction, String id) {
    return transaction
        .find("SELECT * FROM " + table + " WHERE id = ?" + active(), this::setting, id)
        .orElseThrow(() -> RequestException.notFound(kind, id));
  }

  /** A setting of a dataset; one of another dataset is none. */
  public Setting<T> get(Transaction transaction, Dataset dataset, String id) {
    Setting<T> setting = get(transaction, id);
    if (!setting.datasetId().equals(dataset.id())) {
      throw RequestException.notFound(kind, id);
    }
    return setting;
  }

  public Setting<T> add(Transaction transaction, Dataset dataset, T value) {
    Map<String, @Nullable Object> json = write.apply(value);
    String name = String.valueOf(json.get("name"));
    if (transaction.number(
            "SELECT COUNT(*) FROM " + table + " WHERE dataset_id = ? AND name = ?",
            dataset.id(),
            name)
        > 0) {
      throw RequestException.conflict(
          kind
              + " with name `"
              + name
              + "` already exists for dataset with id `"
              + dataset.id()
              + "`");
    }
    String id = UUID.randomUUID().toString();
    Map<String, @Nullable Object> row = row(json);
    row.put("id", id);
    row.put("dataset_id", dataset.id());
    if (hasPlace()) {
      row.put(
          "place",
          transaction.number(
              "SELECT COALESCE(MAX(place), 0) + 1 FROM " + table + " WHERE dataset_id = ?",
              dataset.id()));
    }
    row.put("inserted_at", transaction.now());
    row.put("updated_at", transaction.now());
    transaction.update(
        "INSERT INTO "
            + table
            + " ("
            + String.join(", ", row.keySet())
            + ") VALUES ("
            + row.keySet().stream().map(column -> "?").collect(Collectors.joining(", "))
            + ")",
        row.values().toArray());
    Datasets.settingsChanged(transaction, dataset.id());
    return get(transaction, id);
  }

  public Setting<T> update(Transaction transaction, Setting<T> setting, T value) {
    Map<String, @Nullable Object> row = row(write.apply(value));
    List<@Nullable Object> parameters = new ArrayList<>(row.values());
    parameters.add(transaction.now());
    parameters.add(setting.id());
    transaction.update(
        "UPDATE "
            + table
            + " SET "
            + row.keySet().stream().map(column -> column + " = ?").collect(Collectors.joining(", "))
            + ", updated_at = ? WHERE id = ?",
        parameters.toArray());
    Datasets.settingsChanged(transaction, setting.datasetId());
    return get(transaction, setting.id());
  }

  public void delete(Transaction transaction, Setting<T> setting) {
    transaction.update("DELETE FROM " + table + " WHERE id = ?", setting.id());
    Datasets.settingsChanged(transaction, setting.datasetId());
  }

  /** Moves a setting before the one above it. */
  public void moveUp(Transaction transaction, Setting<T> setting) {
    List<String> ids =
        new ArrayList<>(of(transaction, setting.datasetId()).stream().map(Setting::id).toList());
    int place = ids.indexOf(setting.id());
    if (place > 0) {
      Collections.swap(ids, place, place - 1);
    }
    reorder(transaction, setting.datasetId(), ids);
  }

  /** Puts the settings of a dataset into the order of these ids. */
  public void reorder(Transaction transaction, String datasetId, List<String> ids) {
    for (int i = 0; i < ids.size(); i++) {
      transaction.update("UPDATE " + table + " SET place = ? WHERE id = ?", i + 1, ids.get(i));
    }
    Datasets.settingsChanged(transaction, datasetId);
  }

  private Map<String, @Nullable Object> row(Map<String, @Nullable Object> json) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (String column : columns) {
      Object value = json.get(column);
      row.put(column, column.equals("settings") ? Json.write(value) : value);
    }
    return row;
  }

  private Setting<T> setting(ResultSet row, int index) throws SQLException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    for (String column : columns) {
      json.put(
          column,
          switch (column) {
            case "settings" -> Json.object(row.getString(column));
            case "required", "visible_for_annotators" -> row.getBoolean(column);
            case "dimensions" -> row.getInt(column);
            default -> row.getString(column);
          });
    }
    return new Setting<>(
        row.getString("id"),
        row.getString("dataset_id"),
        read.apply(json),
        row.getLong("inserted_at"),
        row.getLong("updated_at"));
  }

  private boolean hasPlace() {
    return columns.contains("required");
  }

  private String active() {
    return columns.contains("description") ? " AND retired_at IS NULL" : "";
  }
}
