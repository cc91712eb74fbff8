package org.attune.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
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
  void addresses_in_private_networks_are_known() throws Exception {
    for (String host :
        List.of("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "[::1]", "[fc00::1]")) {
      assertThat(Destination.isPublic(URI.create("http://" + host + "/"))).as(host).isFalse();
    }
    assertThat(Destination.isPublic(URI.create("http://93.184.216.34/"))).isTrue();
  }
}
