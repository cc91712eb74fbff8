package org.attune.benchmarks.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** 200 people who answer the same 20 records at the same time. */
final class Annotators {

  private static final int PEOPLE = 200;
  private static final int RECORDS = 20;
  private static final int RATINGS = 5;

  private final Api lead;
  private final String dataset;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<Api> people = new ArrayList<>();

  Annotators(Api lead, String workspace, String dataset) {
    this.lead = lead;
    this.dataset = dataset;
    for (int i = 0; i < PEOPLE; i++) {
      JsonNode user =
          lead.send(
              "POST",
              "/api/v1/users",
              Map.of("username", "a" + i, "first_name", "a", "password", "a long password"));
      String id = user.path("id").asText();
      lead.send("POST", "/api/v1/workspaces/" + workspace + "/users", Map.of("user_id", id));
      numbers.put(id, i);
      people.add(lead.as(user.path("api_key").asText()));
    }
  }

  void answer() throws InterruptedException, ExecutionException {
    List<String> records = new ArrayList<>();
    stored("").forEach(record -> records.add(record.path("id").asText()));
    List<Callable<long[]>> work = new ArrayList<>();
    for (int p = 0; p < PEOPLE; p++) {
      int person = p;
      work.add(() -> answers(person, records));
    }
    long begin = System.nanoTime();
    Durations all = Together.run(work);
    double seconds = (System.nanoTime() - begin) / 1e9;
    ServerLoad.print("submits of 200 people, p50, p95 and p99, ms", all.percentiles());
    ServerLoad.print("submits/s", String.format(Locale.ROOT, "%.0f", all.nanos().length / seconds));
    check(records);
  }

  private long[] answers(int person, List<String> records) {
    long[] times = new long[RECORDS];
    for (int i = 0; i < RECORDS; i++) {
      Map<String, Object> rating = Map.of("rating", Map.of("value", rating(person, i)));
      long start = System.nanoTime();
      people
          .get(person)
          .send(
              "POST",
              "/api/v1/records/" + records.get(i) + "/responses",
              Map.of("status", "submitted", "values", rating));
      times[i] = System.nanoTime() - start;
    }
    return times;
  }

  private static int rating(int person, int record) {
    return 1 + (person + record) % RATINGS;
  }

  private JsonNode stored(String include) {
    return lead.send(
            "GET", "/api/v1/datasets/" + dataset + "/records?limit=" + RECORDS + include, null)
        .path("items");
  }

  /** Each person's answer to each record is there once, as it was given, and all are counted. */
  private void check(List<String> records) {
    int right = 0;
    int given = 0;
    for (JsonNode record : stored("&include=responses")) {
      int index = records.indexOf(record.path("id").asText());
      Set<Integer> answered = new HashSet<>();
      for (JsonNode response : record.path("responses")) {
        int person = numbers.getOrDefault(response.path("user_id").asText(), -1);
        int rating = response.path("values").path("rating").path("value").asInt();
        given++;
        right += person >= 0 && rating == rating(person, index) && answered.add(person) ? 1 : 0;
      }
    }
    ServerLoad.require(
        right == PEOPLE * RECORDS && given == right,
        right + " of " + PEOPLE * RECORDS + " answers are right, and there are " + given);
    long completed =
        lead.send("GET", "/api/v1/datasets/" + dataset + "/progress", null)
            .path("completed")
            .asLong();
    ServerLoad.require(
        completed == RECORDS, completed + " records count as completed of " + RECORDS);
    ServerLoad.print("answers lost, doubled or changed", "0");
  }
}
