package org.attune.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.attune.server.json.Json;
import org.attune.server.storage.Database;
import org.attune.server.storage.Databases;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveriesTest {

  private record Received(String id, String timestamp, String signature, String body) {}

  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private Database database;
  private HttpServer receiver;

  @BeforeEach
  void a_receiver(@TempDir Path folder) throws IOException {
    database = Databases.embedded(folder, Clock.systemUTC());
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/hook",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          boolean refused = refusals.getAndDecrement() > 0;
          if (!refused) {
            received.add(
                new Received(
                    exchange.getRequestHeaders().getFirst("webhook-id"),
                    exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                    exchange.getRequestHeaders().getFirst("webhook-signature"),
                    body));
          }
          exchange.sendResponseHeaders(refused ? 500 : 204, -1);
          exchange.close();
        });
    receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
    database.close();
  }

  private Webhook webhook(String... events) {
    String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
    return database.write(transaction -> Webhooks.create(transaction, url, List.of(events), null));
  }

  private void tell(String event, String name) {
    database.change(
        transaction ->
            Webhooks.tell(
                transaction, Webhooks.enabled(transaction), event, () -> Map.of("name", name)));
  }

  private Received next() throws InterruptedException {
    Received message = received.poll(20, TimeUnit.SECONDS);
    assertThat(message).isNotNull();
    return message;
  }

  @Test
  void an_event_is_sent_and_signed() throws Exception {
    Webhook webhook = webhook("record.created");
    tell("record.created", "first");
    try (Deliveries sending = new Deliveries(database, true, Clock.systemUTC())) {
      Received message = next();

      assertThat(message.signature())
          .isEqualTo(
              Signature.of(
                  webhook.secret(),
                  message.id(),
                  Long.parseLong(message.timestamp()),
                  message.body()));
      Map<String, @Nullable Object> body = Json.object(message.body());
      assertThat(body)
          .containsEntry("type", "record.created")
          .containsEntry("version", 1)
          .containsEntry("data", Map.of("name", "first"));
    }
  }

  @Test
  void events_come_in_their_order_and_only_those_that_were_asked_for() throws Exception {
    webhook("record.created");
    tell("record.created", "1");
    tell("record.deleted", "never");
    tell("record.created", "2");
    try (Deliveries sending = new Deliveries(database, true, Clock.systemUTC())) {
      assertThat(next().body()).contains("\"1\"");
      assertThat(next().body()).contains("\"2\"");
      assertThat(received).isEmpty();
    }
  }

  @Test
  void an_event_that_was_refused_is_sent_again() throws Exception {
    webhook("record.created");
    refusals.set(1);
    tell("record.created", "late");
    try (Deliveries sending = new Deliveries(database, true, Clock.systemUTC())) {
      assertThat(next().body()).contains("late");
    }
  }

  @Test
  void an_event_of_a_change_that_was_undone_is_never_sent() throws Exception {
    webhook("record.created");
    try {
      database.change(
          transaction -> {
            Webhooks.tell(
                transaction,
                Webhooks.enabled(transaction),
                "record.created",
                () -> Map.of("name", "undone"));
            throw new IllegalStateException("on purpose");
          });
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("on purpose");
    }
    tell("record.created", "done");
    try (Deliveries sending = new Deliveries(database, true, Clock.systemUTC())) {
      assertThat(next().body()).contains("done");
    }
  }

  @Test
  void a_message_goes_to_the_address_that_was_looked_at_and_names_are_asked_once()
      throws Exception {
    AtomicInteger lookups = new AtomicInteger();
    Destination.Names names =
        host -> {
          lookups.incrementAndGet();
          return new InetAddress[] {InetAddress.getLoopbackAddress()};
        };
    String url = "http://receiver.invalid:" + receiver.getAddress().getPort() + "/hook";
    database.change(
        transaction -> Webhooks.create(transaction, url, List.of("record.created"), null));
    tell("record.created", "pinned");
    try (Deliveries sending =
        new Deliveries(database, new Destination(names, true), Clock.systemUTC())) {
      assertThat(next().body()).contains("pinned");
    }
    assertThat(lookups).hasValue(1);
  }

  @Test
  void a_name_that_leads_into_the_own_network_meanwhile_is_not_called() throws Exception {
    AtomicInteger lookups = new AtomicInteger();
    Destination.Names names =
        host -> {
          lookups.incrementAndGet();
          return new InetAddress[] {InetAddress.getLoopbackAddress()};
        };
    String url = "http://receiver.invalid:" + receiver.getAddress().getPort() + "/hook";
    database.change(
        transaction -> Webhooks.create(transaction, url, List.of("record.created"), null));
    tell("record.created", "rebound");
    try (Deliveries sending =
        new Deliveries(database, new Destination(names, false), Clock.systemUTC())) {
      assertThat(received.poll(2, TimeUnit.SECONDS)).isNull();
    }
    assertThat(lookups).hasPositiveValue();
  }

  @Test
  void a_redirect_is_not_followed() throws Exception {
    receiver.createContext(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/hook");
          exchange.sendResponseHeaders(307, -1);
          exchange.close();
        });
    String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/moved";
    database.change(
        transaction -> Webhooks.create(transaction, url, List.of("record.created"), null));
    tell("record.created", "moved");
    try (Deliveries sending = new Deliveries(database, true, Clock.systemUTC())) {
      assertThat(received.poll(2, TimeUnit.SECONDS)).isNull();
    }
  }
}
