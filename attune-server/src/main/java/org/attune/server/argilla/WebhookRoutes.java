package org.attune.server.argilla;

import static org.attune.server.argilla.AccountJson.items;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.access.SignedIn;
import org.attune.server.json.Body;
import org.attune.server.storage.Database;
import org.attune.server.storage.Moments;
import org.attune.server.webhook.Webhook;
import org.attune.server.webhook.Webhooks;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Webhooks, which only owners see and change. */
@ArgillaRoutes
@RequestMapping("/api/v1/webhooks")
final class WebhookRoutes {

  private static final int LONGEST_URL = 2000;
  private static final int LONGEST_DESCRIPTION = 1000;

  private final Database database;

  WebhookRoutes(Database database) {
    this.database = database;
  }

  @GetMapping
  Map<String, Object> list(SignedIn sender) {
    sender.requireOwner();
    return items(database.read(Webhooks::all), WebhookRoutes::json);
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, @Nullable Object> create(
      SignedIn sender, @RequestBody Map<String, @Nullable Object> json) {
    sender.requireOwner();
    Body body = Body.of(json);
    String url = url(body);
    List<String> events = events(body);
    String description = body.optionalText("description", LONGEST_DESCRIPTION);
    body.check();
    return json(
        database.write(transaction -> Webhooks.create(transaction, url, events, description)));
  }

  @PatchMapping("/{id}")
  Map<String, @Nullable Object> update(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> json) {
    sender.requireOwner();
    Body body = Body.of(json);
    return json(
        database.write(
            transaction -> {
              Webhook webhook = Webhooks.get(transaction, id);
              String url = body.has("url") ? url(body) : webhook.url();
              List<String> events = body.has("events") ? events(body) : webhook.events();
              boolean enabled = body.bool("enabled", webhook.enabled());
              String description =
                  body.has("description")
                      ? body.optionalText("description", LONGEST_DESCRIPTION)
                      : webhook.description();
              body.check();
              return Webhooks.update(transaction, webhook, url, events, enabled, description);
            }));
  }

  @DeleteMapping("/{id}")
  Map<String, @Nullable Object> delete(SignedIn sender, @PathVariable String id) {
    sender.requireOwner();
    return json(
        database.write(
            transaction -> {
              Webhook webhook = Webhooks.get(transaction, id);
              Webhooks.delete(transaction, webhook);
              return webhook;
            }));
  }

  @PostMapping("/{id}/ping")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void ping(SignedIn sender, @PathVariable String id) {
    sender.requireOwner();
    database.change(transaction -> Webhooks.ping(transaction, Webhooks.get(transaction, id)));
  }

  private static String url(Body body) {
    String url = body.text("url", LONGEST_URL);
    if (!url.isEmpty() && !url.matches("https?://[^/\\s]+.*")) {
      body.fault("url", "URL scheme should be 'http' or 'https'", "url_scheme");
    }
    return url;
  }

  private static List<String> events(Body body) {
    List<String> events = new ArrayList<>();
    if (body.raw("events") instanceof List<?> list) {
      list.forEach(event -> events.add(String.valueOf(event)));
    }
    if (events.isEmpty()) {
      body.fault("events", "List should have at least 1 item", "too_short");
    }
    for (String event : events) {
      if (!Webhook.EVENTS.contains(event)) {
        body.fault("events", "Input should be one of " + Webhook.EVENTS, "enum");
      }
    }
    return events.stream().distinct().toList();
  }

  private static Map<String, @Nullable Object> json(Webhook webhook) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", webhook.id());
    json.put("url", webhook.url());
    json.put("secret", webhook.secret());
    json.put("events", webhook.events());
    json.put("enabled", webhook.enabled());
    json.put("description", webhook.description());
    json.put("inserted_at", Moments.text(webhook.insertedAt()));
    json.put("updated_at", Moments.text(webhook.updatedAt()));
    return json;
  }
}
