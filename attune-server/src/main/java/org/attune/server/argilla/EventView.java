package org.attune.server.argilla;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.account.Workspaces;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.record.StoredRecord;
import org.attune.server.record.StoredResponse;
import org.attune.server.storage.Transaction;
import org.attune.server.webhook.Webhook;
import org.attune.server.webhook.Webhooks;
import org.jspecify.annotations.Nullable;

/** Tells webhooks what the routes did, in the JSON that the second generation's client reads. */
final class EventView {

  private final Transaction transaction;
  private final List<Webhook> listening;

  EventView(Transaction transaction) {
    this.transaction = transaction;
    this.listening = Webhooks.enabled(transaction);
  }

  /** Whether anybody is told of anything. */
  boolean areHeard() {
    return !listening.isEmpty();
  }

  void dataset(String event, Dataset dataset) {
    Webhooks.tell(transaction, listening, "dataset." + event, () -> data(dataset));
  }

  void record(String event, Dataset dataset, StoredRecord record) {
    Webhooks.tell(transaction, listening, "record." + event, () -> data(dataset, record));
  }

  /** A response, and what it did to its record. */
  void response(
      String event,
      Dataset dataset,
      StoredRecord before,
      StoredRecord after,
      StoredResponse response) {
    Webhooks.tell(
        transaction,
        listening,
        "response." + event,
        () -> {
          DatasetSettings settings = DatasetSettings.load(transaction, dataset);
          Map<String, @Nullable Object> json = RecordView.response(settings, response);
          json.remove("user_id");
          json.put(
              "user",
              Users.find(transaction, response.userId())
                  .<Object>map(EventView::data)
                  .orElse(Map.of()));
          json.put("record", data(dataset, after));
          return json;
        });
    record("updated", dataset, after);
    if (after.completed() && !before.completed()) {
      record("completed", dataset, after);
    }
  }

  private static Map<String, @Nullable Object> data(User user) {
    return AccountJson.user(user);
  }

  private Map<String, @Nullable Object> data(Dataset dataset) {
    Map<String, @Nullable Object> json = DatasetJson.dataset(dataset);
    json.put(
        "workspace",
        Workspaces.find(transaction, dataset.workspaceId())
            .<Object>map(AccountJson::workspace)
            .orElse(Map.of()));
    return json;
  }

  private Map<String, @Nullable Object> data(Dataset dataset, StoredRecord record) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>(RecordView.record(record));
    json.put("responses", List.of());
    json.put("suggestions", List.of());
    json.put("dataset", data(dataset));
    return json;
  }
}
