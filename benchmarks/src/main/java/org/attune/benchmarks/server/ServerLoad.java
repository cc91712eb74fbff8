package org.attune.benchmarks.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * Fills a server with records, searches in them, and lets many people answer at once. Prints a line
 * for each figure; fails if an answer is lost, doubled or refused.
 *
 * <p>Arguments: address, API key of an owner, number of records, how many of them get a vector,
 * queries of each of four clients.
 */
public final class ServerLoad {

  private static final int BULK = 500;
  private static final int DIMENSIONS = 384;
  private static final int CLIENTS = 4;
  private static final int ANNOTATORS = 200;
  private static final int ANSWERS_EACH = 20;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final String[] WORDS =
      ("record answer question model train reward policy value text label number people language "
              + "river mountain city music food animal science history weather planet engine")
          .split(" ", -1);

  private final Api api;
  private final int records;
  private final int withVector;
  private final int queries;
  private String dataset = "";

  private ServerLoad(Api api, int records, int withVector, int queries) {
    this.api = api;
    this.records = records;
    this.withVector = withVector;
    this.queries = queries;
  }

  public static void main(String[] arguments) throws InterruptedException, ExecutionException {
    ServerLoad load =
        new ServerLoad(
            new Api(arguments[0], arguments[1]),
            Integer.parseInt(arguments[2]),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]));
    load.prepare();
    load.ingest();
    load.firstSearch();
    load.query("next records", load::nextRecords);
    load.query("text search", load::textSearch);
    load.query("vector search", load::vectorSearch);
    load.submit();
  }

  private static void print(String name, String figure) {
    System.out.println(name + "\t" + figure);
  }

  private void prepare() {
    String workspace =
        api.send("GET", "/api/v1/me/workspaces", null).path("items").path(0).path("id").asText();
    dataset =
        api.send(
                "POST",
                "/api/v1/datasets",
                Map.of("name", "load", "workspace_id", workspace, "allow_extra_metadata", false))
            .path("id")
            .asText();
    String path = "/api/v1/datasets/" + dataset;
    Map<String, Object> text = Map.of("type", "text");
    api.send(
        "POST",
        path + "/fields",
        Map.of("name", "text", "title", "Text", "required", true, "settings", text));
    List<Map<String, Integer>> ratings =
        List.of(1, 2, 3, 4, 5).stream().map(value -> Map.of("value", value)).toList();
    api.send(
        "POST",
        path + "/questions",
        Map.of(
            "name",
            "rating",
            "title",
            "Rating",
            "required",
            true,
            "settings",
            Map.of("type", "rating", "options", ratings)));
    api.send(
        "POST",
        path + "/metadata-properties",
        Map.of("name", "length", "title", "Length", "settings", Map.of("type", "integer")));
    api.send(
        "POST",
        path + "/vectors-settings",
        Map.of("name", "meaning", "title", "Meaning", "dimensions", DIMENSIONS));
    api.send("PUT", path + "/publish", null);
  }

  private void ingest() {
    Random random = new Random(1);
    long[] bulks = new long[(records + BULK - 1) / BULK];
    long begin = System.nanoTime();
    for (int b = 0; b < bulks.length; b++) {
      List<Map<String, Object>> items = new ArrayList<>();
      for (int i = b * BULK; i < Math.min(records, (b + 1) * BULK); i++) {
        items.add(record(i, random));
      }
      long start = System.nanoTime();
      api.send("PUT", "/api/v1/datasets/" + dataset + "/records/bulk", Map.of("items", items));
      bulks[b] = System.nanoTime() - start;
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    print("ingest, records/s", String.format(Locale.ROOT, "%.0f", records / seconds));
    print(
        "a bulk of 500, p95 and p99, ms",
        milliseconds(bulks, 0.95) + ", " + milliseconds(bulks, 0.99));
  }

  private Map<String, Object> record(int number, Random random) {
    String text = words(random, 30);
    Map<String, Object> fields = Map.of("text", text);
    Map<String, Object> metadata = Map.of("length", text.length());
    String name = "r" + number;
    return number < withVector
        ? Map.of(
            "external_id",
            name,
            "fields",
            fields,
            "metadata",
            metadata,
            "vectors",
            Map.of("meaning", vector(random)))
        : Map.of("external_id", name, "fields", fields, "metadata", metadata);
  }

  private static String words(Random random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(1000)).append(' ');
    }
    return text.toString();
  }

  private static float[] vector(Random random) {
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  /** How long a search waits until the index has caught up with everything. */
  private void firstSearch() {
    long start = System.nanoTime();
    long total = search(Map.of(), 1).path("total").asLong();
    print(
        "the first search after it, s",
        String.format(Locale.ROOT, "%.1f", (System.nanoTime() - start) / 1e9));
    require(total == records, "the index has " + total + " records of " + records);
  }

  private JsonNode search(Map<String, Object> body, int limit) {
    return api.send("POST", "/api/v1/datasets/" + dataset + "/records/search?limit=" + limit, body);
  }

  private void nextRecords(int seed) {
    api.send(
        "POST",
        "/api/v1/me/datasets/"
            + dataset
            + "/records/search?limit=10&include=responses&include=suggestions",
        Map.of(
            "filters",
            Map.of(
                "and",
                List.of(
                    Map.of(
                        "type",
                        "terms",
                        "scope",
                        Map.of("entity", "response", "property", "status"),
                        "values",
                        List.of("pending"))))));
  }

  private void textSearch(int seed) {
    Random random = new Random(seed);
    search(Map.of("query", Map.of("text", Map.of("q", words(random, 2)))), 10);
  }

  private void vectorSearch(int seed) {
    search(
        Map.of(
            "query",
            Map.of("vector", Map.of("name", "meaning", "value", vector(new Random(seed))))),
        50);
  }

  private void query(String name, IntConsumer query)
      throws InterruptedException, ExecutionException {
    for (int i = 0; i < 50; i++) {
      query.accept(i); // so that the compiler has seen it
    }
    List<Callable<long[]>> clients = new ArrayList<>();
    for (int c = 0; c < CLIENTS; c++) {
      int first = c * queries;
      clients.add(
          () -> {
            long[] times = new long[queries];
            for (int i = 0; i < queries; i++) {
              long start = System.nanoTime();
              query.accept(first + i);
              times[i] = System.nanoTime() - start;
            }
            return times;
          });
    }
    long[] all = together(clients).stream().flatMapToLong(Arrays::stream).toArray();
    print(name + ", p50 and p95, ms", milliseconds(all, 0.5) + ", " + milliseconds(all, 0.95));
  }

  /** 200 people answer 20 records each, all of them the same ones, at once. */
  private void submit() throws InterruptedException, ExecutionException {
    String workspace =
        api.send("GET", "/api/v1/me/workspaces", null).path("items").path(0).path("id").asText();
    List<Api> people = new ArrayList<>();
    for (int i = 0; i < ANNOTATORS; i++) {
      JsonNode user =
          api.send(
              "POST",
              "/api/v1/users",
              Map.of("username", "a" + i, "first_name", "a", "password", "a long password"));
      api.send(
          "POST",
          "/api/v1/workspaces/" + workspace + "/users",
          Map.of("user_id", user.path("id").asText()));
      people.add(api.as(user.path("api_key").asText()));
    }
    List<String> ids = new ArrayList<>();
    api.send("GET", "/api/v1/datasets/" + dataset + "/records?limit=" + ANSWERS_EACH, null)
        .path("items")
        .forEach(record -> ids.add(record.path("id").asText()));
    List<Callable<long[]>> work = new ArrayList<>();
    for (Api person : people) {
      work.add(
          () -> {
            long[] times = new long[ids.size()];
            for (int i = 0; i < times.length; i++) {
              long start = System.nanoTime();
              person.send(
                  "POST",
                  "/api/v1/records/" + ids.get(i) + "/responses",
                  Map.of(
                      "status",
                      "submitted",
                      "values",
                      Map.of("rating", Map.of("value", 1 + i % 5))));
              times[i] = System.nanoTime() - start;
            }
            return times;
          });
    }
    long begin = System.nanoTime();
    long[] all = together(work).stream().flatMapToLong(Arrays::stream).toArray();
    double seconds = (System.nanoTime() - begin) / 1e9;
    print(
        "submits of 200 people, p50 and p95, ms",
        milliseconds(all, 0.5) + ", " + milliseconds(all, 0.95));
    print("submits/s", String.format(Locale.ROOT, "%.0f", all.length / seconds));
    JsonNode answered =
        api.send(
            "GET",
            "/api/v1/datasets/" + dataset + "/records?limit=" + ANSWERS_EACH + "&include=responses",
            null);
    answered
        .path("items")
        .forEach(
            record ->
                require(
                    record.path("responses").size() == ANNOTATORS,
                    "a record has " + record.path("responses").size() + " answers of 200"));
    print("answers lost or doubled", "0");
  }

  private static <T> List<T> together(List<Callable<T>> work)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(work.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(work)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdown();
    }
  }

  private static String milliseconds(long[] nanos, double share) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    int index = (int) Math.min(sorted.length - 1L, Math.round(share * sorted.length));
    return String.format(Locale.ROOT, "%.1f", sorted[index] / NANOS_PER_MILLI);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
