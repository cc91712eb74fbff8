package org.attune.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.attune.server.storage.Database;
import org.attune.server.storage.Databases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveriesTest {

  /** Two attempts, half a second for an answer, and no age is too old. */
  private static final Patience SHORT =
      new Patience(
          Duration.ofMillis(500),
          Duration.ofMillis(20),
          Duration.ofMillis(100),
          2,
          Duration.ofDays(1));

  private Database database;
  private Receiver receiver;

  @BeforeEach
  void a_receiver(@TempDir Path folder) throws Exception {
    database = Databases.embedded(folder, Clock.systemUTC());
    receiver = new Receiver();
  }

  @AfterEach
  void stop() {
    receiver.close();
    database.close();
  }

  private Webhook webhook(String... events) {
    return webhook(receiver, events);
  }

  private Webhook webhook(Receiver to, String... events) {
    return database.write(
        transaction -> Webhooks.create(transaction, to.url(), List.of(events), null));
  }

  private void tell(String event, String name) {
    database.change(
        transaction ->
            Webhooks.tell(
                transaction, Webhooks.enabled(transaction), event, () -> Map.of("name", name)));
  }

  private Deliveries sending() {
    return sending(SHORT);
  }

  private Deliveries sending(Patience patience) {
    return new Deliveries(database, true, patience, Clock.systemUTC());
  }

  private void untilNothingWaits() throws InterruptedException {
    untilNone("SELECT COUNT(*) FROM webhook_deliveries");
  }

  private void untilNone(String counted) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (database.read(transaction -> transaction.number(counted)) > 0) {
      assertThat(System.nanoTime()).as(counted).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  @Test
  void an_event_is_sent_and_signed() throws Exception {
    Webhook webhook = webhook("record.created");
    tell("record.created", "first");
    try (Deliveries sending = sending()) {
      Receiver.Message message = receiver.next();

      assertThat(message.signature())
          .isEqualTo(
              Signature.of(
                  webhook.secret(),
                  message.id(),
                  Long.parseLong(message.timestamp()),
                  message.body()));
      assertThat(message.json())
          .containsEntry("type", "record.created")
          .containsEntry("version", 1)
          .containsEntry("data", Map.of("name", "first"));
      untilNothingWaits();
    }
  }

  @Test
  void events_come_in_their_order_and_only_those_that_were_asked_for() throws Exception {
    webhook("record.created");
    tell("record.created", "1");
    tell("record.deleted", "never");
    tell("record.created", "2");
    try (Deliveries sending = sending()) {
      assertThat(receiver.next().body()).contains("\"1\"");
      assertThat(receiver.next().body()).contains("\"2\"");
      assertThat(receiver.isQuiet()).isTrue();
    }
  }

  @Test
  void an_event_of_a_change_that_was_undone_is_never_sent() throws Exception {
    webhook("record.created");
    assertThatThrownBy(
            () ->
                database.change(
                    transaction -> {
                      Webhooks.tell(
                          transaction,
                          Webhooks.enabled(transaction),
                          "record.created",
                          () -> Map.of("name", "undone"));
                      throw new IllegalStateException("on purpose");
                    }))
        .hasMessage("on purpose");
    tell("record.created", "done");
    try (Deliveries sending = sending()) {
      assertThat(receiver.next().body()).contains("done");
    }
  }

  @Nested
  class a_receiver_that_refuses {

    @Test
    void gets_the_event_again_with_the_same_id_and_before_those_behind_it() throws Exception {
      webhook("record.created");
      receiver.refuse(1);
      tell("record.created", "late");
      tell("record.created", "later");
      try (Deliveries sending = sending()) {
        Receiver.Message refused = receiver.nextRefused();
        Receiver.Message accepted = receiver.next();

        assertThat(accepted.body()).isEqualTo(refused.body()).contains("late");
        assertThat(accepted.id()).isEqualTo(refused.id());
        assertThat(receiver.next().body()).contains("later");
      }
    }

    @Test
    void loses_the_event_in_the_end_and_gets_the_next_one() throws Exception {
      webhook("record.created");
      receiver.refuse(SHORT.attempts());
      tell("record.created", "poison");
      tell("record.created", "good");
      try (Deliveries sending = sending()) {
        assertThat(receiver.next().body()).contains("good");
        untilNothingWaits();
      }
    }

    @Test
    void is_asked_as_often_after_a_restart_in_between() throws Exception {
      webhook("record.created");
      receiver.refuse(SHORT.attempts());
      tell("record.created", "poison");
      Patience once =
          new Patience(SHORT.answer(), Duration.ofHours(1), Duration.ofHours(1), 2, SHORT.age());
      try (Deliveries sending = sending(once)) {
        untilNone("SELECT COUNT(*) FROM webhook_deliveries WHERE attempts = 0");
      }
      try (Deliveries sending = sending(once)) {
        untilNothingWaits();
      }
    }
  }

  @Nested
  class a_receiver_that_does_not_answer {

    @Test
    void holds_up_nobody_else() throws Exception {
      webhook("record.created");
      receiver.fallSilent();
      try (Receiver other = new Receiver();
          Deliveries sending = sending(Patience.DEFAULT)) {
        webhook(other, "record.created");
        tell("record.created", "first");
        receiver.nextRefused();

        assertThat(other.next().body()).contains("first");
      }
    }

    @Test
    void loses_the_event_in_the_end() throws Exception {
      webhook("record.created");
      receiver.fallSilent();
      tell("record.created", "first");
      try (Deliveries sending = sending()) {
        untilNothingWaits();
      }
    }
  }

  @Nested
  class a_receiver_that_is_gone {

    @Test
    void gets_everything_when_it_is_back() throws Exception {
      webhook("record.created");
      receiver.close();
      tell("record.created", "first");
      tell("record.created", "second");
      try (Deliveries sending = sending()) {
        Thread.sleep(SHORT.longestPause().toMillis() * (SHORT.attempts() + 3));
        receiver = new Receiver(receiver.port());

        assertThat(receiver.next().body()).contains("first");
        assertThat(receiver.next().body()).contains("second");
      }
    }

    @Test
    void loses_events_that_got_too_old() throws Exception {
      webhook("record.created");
      receiver.close();
      tell("record.created", "old");
      Patience none =
          new Patience(SHORT.answer(), SHORT.firstPause(), SHORT.longestPause(), 2, Duration.ZERO);
      try (Deliveries sending = sending(none)) {
        untilNothingWaits();
      }
    }
  }

  @Nested
  class a_webhook_that_is_changed_meanwhile {

    @Test
    void is_sent_nothing_more_once_it_is_disabled() throws Exception {
      Webhook webhook = webhook("record.created");
      tell("record.created", "first");
      database.change(
          transaction ->
              Webhooks.update(transaction, webhook, webhook.url(), webhook.events(), false, null));
      try (Deliveries sending = sending()) {
        assertThat(receiver.isQuiet()).isTrue();
      }
    }

    @Test
    void is_sent_nothing_more_once_it_is_deleted() throws Exception {
      Webhook webhook = webhook("record.created");
      tell("record.created", "first");
      database.change(transaction -> Webhooks.delete(transaction, webhook));
      // of a change that ran beside the deletion
      database.change(
          transaction ->
              Webhooks.tell(
                  transaction, List.of(webhook), "record.created", () -> Map.of("name", "last")));
      try (Deliveries sending = sending()) {
        untilNothingWaits();
        assertThat(receiver.isQuiet()).isTrue();
      }
    }

    @Test
    void gets_what_waits_at_its_new_address() throws Exception {
      Webhook webhook = webhook("record.created");
      tell("record.created", "first");
      try (Receiver other = new Receiver()) {
        database.change(
            transaction ->
                Webhooks.update(transaction, webhook, other.url(), webhook.events(), true, null));
        try (Deliveries sending = sending()) {
          assertThat(other.next().body()).contains("first");
        }
      }
    }
  }

  @Test
  void pauses_double_up_to_the_longest() {
    Patience patience = Patience.DEFAULT;
    assertThat(List.of(1, 2, 3, 7, 1000).stream().map(patience::pause))
        .containsExactly(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5));
  }

  @Nested
  class a_receiver_by_name {

    private final AtomicInteger lookups = new AtomicInteger();

    private Deliveries sendingByName(boolean privateAddresses) {
      String url = "http://receiver.invalid:" + receiver.port() + "/hook";
      database.change(
          transaction -> Webhooks.create(transaction, url, List.of("record.created"), null));
      tell("record.created", "by name");
      Destination.Names names =
          host -> {
            lookups.incrementAndGet();
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
          };
      return new Deliveries(
          database, new Destination(names, privateAddresses), SHORT, Clock.systemUTC());
    }

    @Test
    void is_called_at_the_address_that_was_looked_at() throws Exception {
      try (Deliveries sending = sendingByName(true)) {
        assertThat(receiver.next().body()).contains("by name");
      }
      assertThat(lookups).hasValue(1);
    }

    @Test
    void is_not_called_if_its_name_leads_into_the_own_network() throws Exception {
      try (Deliveries sending = sendingByName(false)) {
        assertThat(receiver.isQuiet()).isTrue();
      }
      assertThat(lookups).hasPositiveValue();
    }
  }
}
