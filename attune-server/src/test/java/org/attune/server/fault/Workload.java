package org.attune.server.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.attune.server.Caller;
import org.attune.server.json.Json;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;

/**
 * People and programs who add, answer, correct and delete, and who remember what was acknowledged:
 * that is there afterwards, and of the rest each change wholly or not at all.
 */
final class Workload {

  private static final int BULK = 20;
  private static final int ANSWERED = 5;
  private static final int PAUSE_MILLIS = 100;

  private final String dataset;
  private final Set<String> added = ConcurrentHashMap.newKeySet();
  private final Set<String> deleted = ConcurrentHashMap.newKeySet();
  private final Set<String> perhapsDeleted = ConcurrentHashMap.newKeySet();
  private final Map<String, List<Step>> steps = new ConcurrentHashMap<>();
  private final AtomicInteger unavailable = new AtomicInteger();

  /** A state that a response was given. */
  private record Step(String status, @Nullable Integer rating, boolean acknowledged) {}

  /** A change that was answered with 503 or 507: it may have been made or not. */
  private static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;
  }

  Workload(String dataset) {
    this.dataset = dataset;
  }

  /** How many changes were acknowledged. */
  int acknowledged() {
    return added.size()
        + deleted.size()
        + (int) steps.values().stream().flatMap(List::stream).filter(Step::acknowledged).count();
  }

  /** How many requests were answered with 503 or 507. */
  int unavailable() {
    return unavailable.get();
  }

  /** Works until it shall not go on or the server is gone. */
  void run(Caller caller, String prefix, BooleanSupplier goOn) {
    try {
      for (int i = 0; goOn.getAsBoolean(); i++) {
        try {
          round(caller, prefix + "-" + i);
        } catch (Unavailable e) {
          Thread.sleep(PAUSE_MILLIS);
        }
      }
    } catch (AssertionError e) {
      if (!(e.getCause() instanceof IOException)) {
        throw e;
      } // the server was killed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void round(Caller caller, String bulk) throws Unavailable {
    List<Map<String, Object>> items =
        IntStream.range(0, BULK)
            .mapToObj(
                k ->
                    Map.<String, Object>of(
                        "external_id", bulk + "-" + k, "fields", Map.of("text", "a text")))
            .toList();
    Caller.Answer answer =
        checked(
            caller.put("/api/v1/datasets/" + dataset + "/records/bulk", Map.of("items", items)),
            200);
    List<String> ids = answer.items().stream().map(item -> String.valueOf(item.get("id"))).toList();
    added.addAll(ids);
    for (int k = 0; k < ANSWERED; k++) {
      String record = ids.get(k);
      String response =
          step(caller, record, "POST", "/api/v1/records/" + record + "/responses", "submitted", 0);
      String path = "/api/v1/responses/" + response;
      if (k % 2 == 0) {
        step(caller, record, "PUT", path, "draft", 1);
        step(caller, record, "PUT", path, "submitted", 2);
      }
      if (k == 3) {
        step(caller, record, "DELETE", path, "deleted", null);
      }
    }
    delete(caller, ids.get(ANSWERED - 1));
    delete(caller, ids.get(ANSWERED));
  }

  private String step(
      Caller caller,
      String record,
      String method,
      String path,
      String status,
      @Nullable Integer rating)
      throws Unavailable {
    List<Step> all = steps.computeIfAbsent(record, id -> new ArrayList<>());
    all.add(new Step(status, rating, false));
    Map<String, Object> body =
        Map.of(
            "status",
            status,
            "values",
            Map.of(
                "label",
                Map.of("value", "yes"),
                "rating",
                Map.of("value", rating == null ? 0 : rating)));
    Caller.Answer answer =
        checked(
            caller.send(method, path, method.equals("DELETE") ? null : body),
            method.equals("POST") ? 201 : 200);
    all.set(all.size() - 1, new Step(status, rating, true));
    return answer.text("id");
  }

  private void delete(Caller caller, String record) throws Unavailable {
    perhapsDeleted.add(record);
    checked(caller.delete("/api/v1/records/" + record), 200);
    deleted.add(record);
  }

  private Caller.Answer checked(Caller.Answer answer, int status) throws Unavailable {
    if (answer.status() == 503 || answer.status() == 507) {
      assertThat(answer.response().headers().firstValue("Retry-After")).isPresent();
      unavailable.incrementAndGet();
      throw new Unavailable();
    }
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    return answer;
  }

  /** Compares what is there with what was acknowledged, exactly. */
  void check(Caller owner, Database database) {
    Map<String, Map<String, @Nullable Object>> records = records(owner);
    Set<String> expected = new HashSet<>(added);
    expected.removeAll(perhapsDeleted);
    assertThat(added).isNotEmpty();
    assertThat(records.keySet()).containsAll(expected);
    assertThat(records.keySet()).filteredOn(deleted::contains).isEmpty();
    Map<String, List<Step>> stored = revisions(database);
    steps.forEach((record, wanted) -> checkHistory(record, wanted, stored.get(record)));
    records.forEach((id, record) -> checkPresent(record, stored.get(id)));
    assertThat(found(owner)).as("what the search finds").isEqualTo(records.keySet());
  }

  /** Every acknowledged state is there, in its order; the last one may be there anyway. */
  private static void checkHistory(
      String record, List<Step> wanted, @Nullable List<Step> storedOrNone) {
    List<Step> stored = storedOrNone == null ? List.of() : storedOrNone;
    List<Step> acknowledged = wanted.stream().filter(Step::acknowledged).toList();
    assertThat(stored.size()).as(record).isBetween(acknowledged.size(), wanted.size());
    assertThat(stored.subList(0, acknowledged.size())).as(record).isEqualTo(acknowledged);
  }

  /** A record shows the last state of its history, and is completed by a submitted response. */
  private static void checkPresent(
      Map<String, @Nullable Object> record, @Nullable List<Step> history) {
    List<?> responses = (List<?>) Objects.requireNonNull(record.get("responses"));
    Step last = history == null ? null : history.get(history.size() - 1);
    if (last == null || last.status().equals("deleted")) {
      assertThat(responses).isEmpty();
    } else {
      Map<?, ?> response = (Map<?, ?>) responses.get(0);
      assertThat(
              new Step(
                  String.valueOf(response.get("status")), rating(response.get("values")), true))
          .isEqualTo(last);
    }
    assertThat(record.get("status"))
        .isEqualTo(last != null && last.status().equals("submitted") ? "completed" : "pending");
  }

  private static @Nullable Integer rating(@Nullable Object values) {
    return values instanceof Map<?, ?> answers
            && answers.get("rating") instanceof Map<?, ?> rating
            && rating.get("value") instanceof Integer value
        ? value
        : null;
  }

  private static Map<String, List<Step>> revisions(Database database) {
    Map<String, List<Step>> revisions = new HashMap<>();
    database.read(
        transaction -> {
          transaction.each(
              "SELECT record_id, status, answers FROM response_revisions ORDER BY seq",
              row ->
                  revisions
                      .computeIfAbsent(row.getString("record_id"), id -> new ArrayList<>())
                      .add(
                          new Step(
                              row.getString("status"),
                              rating(Json.object(row.getString("answers"))),
                              true)));
          return 0;
        });
    return revisions;
  }

  private Map<String, Map<String, @Nullable Object>> records(Caller owner) {
    Map<String, Map<String, @Nullable Object>> records = new HashMap<>();
    String path = "/api/v1/datasets/" + dataset + "/records?include=responses&limit=500&offset=";
    for (int offset = 0; ; offset += 500) {
      List<Map<String, @Nullable Object>> page = owner.get(path + offset).items();
      for (Map<String, @Nullable Object> record : page) {
        assertThat(records.put(String.valueOf(record.get("id")), record)).isNull();
      }
      if (page.isEmpty()) {
        return records;
      }
    }
  }

  private Set<String> found(Caller owner) {
    Set<String> found = new HashSet<>();
    String path = "/api/v1/datasets/" + dataset + "/records/search?limit=500&offset=";
    for (int offset = 0; ; offset += 500) {
      Caller.Answer page =
          owner.post(path + offset, Map.of("query", Map.of("text", Map.of("q", "text"))));
      for (Map<String, @Nullable Object> item : page.items()) {
        Map<?, ?> record = (Map<?, ?>) Objects.requireNonNull(item.get("record"));
        assertThat(found.add(String.valueOf(record.get("id")))).isTrue();
      }
      if (page.items().isEmpty()) {
        return found;
      }
    }
  }
}
