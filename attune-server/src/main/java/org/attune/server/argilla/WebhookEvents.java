package org.attune.server.argilla;

import jakarta.annotation.PostConstruct;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.account.Workspaces;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetChange;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Datasets;
import org.attune.server.record.RecordChange;
import org.attune.server.record.ResponseChange;
import org.attune.server.record.StoredRecord;
import org.attune.server.storage.Change;
import org.attune.server.storage.ChangeListener;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.attune.server.webhook.Audience;
import org.attune.server.webhook.Webhook;
import org.attune.server.webhook.WebhookChange;
import org.attune.server.webhook.Webhooks;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells webhooks of every change, whoever made it, in the JSON that the second generation's client
 * reads.
 */
@Component
final class WebhookEvents implements ChangeListener {

  private final Database database;
  private final Audience audience = new Audience();

  WebhookEvents(Database database) {
    this.database = database;
  }

  @PostConstruct
  void listen() {
    database.listen(this);
  }

  @Override
  public boolean listens(Transaction transaction) {
    return audience.isThere(transaction);
  }

  @Override
  public void changed(Transaction transaction, Change change) {
    if (change instanceof WebhookChange) {
      transaction.afterCommit(audience::lookAgain);
    } else if (listens(transaction)) {
      List<Webhook> listening = Webhooks.enabled(transaction);
      if (change instanceof DatasetChange of) {
        tell(
            transaction,
            listening,
            event("dataset", of.kind()),
            () -> data(transaction, of.dataset()));
      } else if (change instanceof RecordChange of) {
        records(transaction, listening, of);
      } else if (change instanceof ResponseChange of) {
        tell(transaction, listening, event("response", of.kind()), () -> data(transaction, of));
      }
    }
  }

  private static String event(String subject, Enum<?> kind) {
    return subject + "." + kind.name().toLowerCase(Locale.ROOT);
  }

  private static void tell(
      Transaction transaction,
      List<Webhook> listening,
      String event,
      Supplier<Map<String, @Nullable Object>> data) {
    Webhooks.tell(transaction, listening, event, data);
  }

  private static void records(
      Transaction transaction, List<Webhook> listening, RecordChange change) {
    String event = event("record", change.kind());
    if (listening.stream().noneMatch(webhook -> webhook.events().contains(event))) {
      return;
    }
    Map<String, @Nullable Object> dataset =
        data(transaction, Datasets.get(transaction, change.datasetId()));
    for (StoredRecord record : change.records()) {
      tell(transaction, listening, event, () -> data(dataset, record));
    }
  }

  private static Map<String, @Nullable Object> data(Transaction transaction, Dataset dataset) {
    Map<String, @Nullable Object> json = DatasetJson.dataset(dataset);
    json.put(
        "workspace",
        Workspaces.find(transaction, dataset.workspaceId())
            .<Object>map(AccountJson::workspace)
            .orElse(Map.of()));
    return json;
  }

  private static Map<String, @Nullable Object> data(
      Map<String, @Nullable Object> dataset, StoredRecord record) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>(RecordView.record(record));
    json.put("responses", List.of());
    json.put("suggestions", List.of());
    json.put("dataset", dataset);
    return json;
  }

  private static Map<String, @Nullable Object> data(
      Transaction transaction, ResponseChange change) {
    Dataset dataset = Datasets.get(transaction, change.record().datasetId());
    DatasetSettings settings = DatasetSettings.load(transaction, dataset);
    Map<String, @Nullable Object> json =
        new LinkedHashMap<>(RecordView.response(settings, change.response()));
    json.remove("user_id");
    json.put(
        "user",
        Users.find(transaction, change.response().userId())
            .<Object>map(WebhookEvents::data)
            .orElse(Map.of()));
    json.put("record", data(data(transaction, dataset), change.record()));
    return json;
  }

  private static Map<String, @Nullable Object> data(User user) {
    return AccountJson.user(user);
  }
}
