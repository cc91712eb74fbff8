package org.attune.server.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.attune.server.SettableClock;
import org.attune.server.TestServer;
import org.attune.server.account.Credentials;
import org.attune.server.account.FirstStart;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.account.Workspaces;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Datasets;
import org.attune.server.dataset.SettingTable;
import org.attune.server.record.RecordWriter;
import org.attune.server.record.Records;
import org.attune.server.record.Responses;
import org.attune.server.record.StoredRecord;
import org.attune.server.storage.Database;
import org.attune.server.storage.Databases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine's clock jumps, back by hours or ahead by years. */
class ClockTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Duration YEARS = Duration.ofDays(4 * 365);

  private final SettableClock clock = new SettableClock(NOW);
  private Path folder;
  private Database database;
  private String datasetId;

  @BeforeEach
  void a_dataset(@TempDir Path folder) {
    this.folder = folder;
    database = Databases.embedded(folder, clock);
    FirstStart.prepare(database, new FirstStart.Owner("owner", "owner's password", "owner.apikey"));
    datasetId =
        database.write(
            transaction -> {
              Dataset dataset =
                  Datasets.create(
                      transaction,
                      Workspaces.all(transaction).get(0),
                      "clock",
                      null,
                      true,
                      1,
                      null);
              SettingTable.FIELDS.add(
                  transaction, dataset, SettingTable.FIELDS.parse(TestServer.field("text", true)));
              SettingTable.QUESTIONS.add(
                  transaction, dataset, SettingTable.QUESTIONS.parse(TestServer.labels()));
              return Datasets.publish(transaction, dataset).id();
            });
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void restart() {
    database.close();
    database = Databases.embedded(folder, clock);
  }

  private User owner() {
    return database.read(transaction -> Users.all(transaction).get(0));
  }

  private void add(String text) {
    User owner = owner();
    database.change(
        transaction ->
            new RecordWriter(
                    transaction,
                    DatasetSettings.load(transaction, Datasets.get(transaction, datasetId)),
                    owner.id())
                .create(List.of(Map.of("fields", Map.of("text", text)))));
  }

  private List<StoredRecord> records() {
    return database.read(
        transaction -> Records.page(transaction, Datasets.get(transaction, datasetId), 0, 100));
  }

  @Test
  void records_keep_the_order_in_which_they_came_if_it_is_set_back() {
    add("first");
    clock.set(NOW.plus(YEARS));
    add("second");
    clock.set(NOW.minus(Duration.ofHours(5)));
    add("third");
    restart();
    add("fourth");

    assertThat(records())
        .extracting(record -> record.fields().get("text"))
        .containsExactly("first", "second", "third", "fourth");
    assertThat(records()).extracting(StoredRecord::insertedAt).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void a_later_answer_is_later_if_it_is_set_back_and_the_server_started_again() {
    add("a text");
    StoredRecord record = records().get(0);
    long first = answer(record, "yes");
    clock.set(NOW.minus(Duration.ofHours(5)));
    restart();
    long second = answer(record, "no");

    assertThat(second).isGreaterThan(first);
    List<Long> times =
        database.read(
            transaction ->
                transaction.list(
                    "SELECT inserted_at FROM response_revisions ORDER BY seq",
                    (row, index) -> row.getLong(1)));
    assertThat(times).isSorted();
  }

  private long answer(StoredRecord record, String label) {
    String owner = owner().id();
    return database
        .write(
            transaction ->
                Responses.put(
                    transaction,
                    DatasetSettings.load(transaction, Datasets.get(transaction, datasetId)),
                    record,
                    owner,
                    owner,
                    Map.of(
                        "status", "submitted", "values", Map.of("label", Map.of("value", label)))))
        .updatedAt();
  }

  @Test
  void a_secret_ends_by_the_clock_though_it_had_jumped_ahead_and_back() {
    clock.set(NOW.plus(YEARS));
    add("of a future that was none");
    clock.set(NOW);
    restart();
    database.change(
        transaction ->
            Credentials.add(
                transaction,
                Users.all(transaction).get(0).id(),
                Credentials.Kind.SESSION,
                "a secret",
                transaction.clock() + TimeUnit.HOURS.toMicros(1)));

    assertThat(isKnown()).isTrue();
    clock.set(NOW.plus(Duration.ofHours(2)));
    assertThat(isKnown()).isFalse();
  }

  private boolean isKnown() {
    return database.read(
        transaction ->
            Credentials.find(transaction, Credentials.Kind.SESSION, "a secret")
                .filter(found -> !found.credential().isExpired(transaction.clock()))
                .isPresent());
  }

  @Test
  void a_key_without_an_end_is_known_whatever_it_shows() {
    for (Duration jump : List.of(YEARS, YEARS.negated())) {
      clock.set(NOW.plus(jump));
      boolean known =
          database.read(
              transaction ->
                  Credentials.find(transaction, Credentials.Kind.API_KEY, "owner.apikey")
                      .filter(found -> !found.credential().isExpired(transaction.clock()))
                      .isPresent());
      assertThat(known).isTrue();
    }
  }
}
