package org.attune.server.argilla;

import java.util.LinkedHashMap;
import java.util.Map;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.Setting;
import org.attune.server.dataset.SettingTable;
import org.attune.server.storage.Moments;
import org.jspecify.annotations.Nullable;

/** Datasets and their settings as Argilla's routes show them. */
final class DatasetJson {

  private DatasetJson() {}

  static Map<String, @Nullable Object> dataset(Dataset dataset) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", dataset.id());
    json.put("name", dataset.name());
    json.put("guidelines", dataset.guidelines());
    json.put("allow_extra_metadata", dataset.allowExtraMetadata());
    json.put("status", dataset.ready() ? "ready" : "draft");
    json.put(
        "distribution", Map.of("strategy", "overlap", "min_submitted", dataset.minSubmitted()));
    json.put("metadata", dataset.metadata());
    json.put("workspace_id", dataset.workspaceId());
    json.put("last_activity_at", Moments.text(dataset.lastActivityAt()));
    json.put("inserted_at", Moments.text(dataset.insertedAt()));
    json.put("updated_at", Moments.text(dataset.updatedAt()));
    return json;
  }

  static <T> Map<String, @Nullable Object> setting(SettingTable<T> table, Setting<T> setting) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", setting.id());
    json.putAll(table.json(setting.value()));
    json.put("dataset_id", setting.datasetId());
    json.put("inserted_at", Moments.text(setting.insertedAt()));
    json.put("updated_at", Moments.text(setting.updatedAt()));
    return json;
  }
}
