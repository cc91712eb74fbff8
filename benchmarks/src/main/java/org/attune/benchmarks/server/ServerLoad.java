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
  private static final int CLIENTS = 4;
  private static final int WARM_UP = 50;
  private static final int NEIGHBOURS = 50;
  private static final int RECALL_QUERIES = 100;

  private final Api api;
  private final int records;
  private final int withVector;
  private final int queries;
  private final String workspace;
  private String dataset = "";

  private ServerLoad(Api api, int records, int withVector, int queries) {
    this.api = api;
    this.workspace =
        api.send("GET", "/api/v1/me/workspaces", null).path("items").path(0).path("id").asText();
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
    load.recall();
    new Annotators(load.api, load.workspace, load.dataset).answer();
  }

  static void print(String name, String figure) {
    System.out.println(name + "\t" + figure);
  }

  private void prepare() {
    dataset =
        api.send(
                "POST",
                "/api/v1/datasets",
                Map.of("name", "load", "workspace_id", workspace, "allow_extra_metadata", false))
            .path("id")
            .asText();
    String path = path();
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
        Map.of("name", "meaning", "title", "Meaning", "dimensions", LoadRecord.DIMENSIONS));
    api.send("PUT", path + "/publish", null);
  }

  private String path() {
    return "/api/v1/datasets/" + dataset;
  }

  private void ingest() {
    long[] bulks = new long[(records + BULK - 1) / BULK];
    long begin = System.nanoTime();
    for (int b = 0; b < bulks.length; b++) {
      List<Map<String, Object>> items = new ArrayList<>();
      for (int i = b * BULK; i < Math.min(records, (b + 1) * BULK); i++) {
        items.add(LoadRecord.of(i, i % (records / withVector) == 0));
      }
      long start = System.nanoTime();
      api.send("PUT", path() + "/records/bulk", Map.of("items", items));
      bulks[b] = System.nanoTime() - start;
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    print("ingest, records/s", String.format(Locale.ROOT, "%.0f", records / seconds));
    int tenth = bulks.length / 10;
    double last = Arrays.stream(bulks, bulks.length - tenth, bulks.length).sum() / 1e9;
    print(
        "ingest of the last tenth, records/s",
        String.format(Locale.ROOT, "%.0f", tenth * BULK / last));
    print("a bulk of 500, p50, p95 and p99, ms", new Durations(bulks).percentiles());
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
    return api.send("POST", path() + "/records/search?limit=" + limit, body);
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
    String words = LoadRecord.words(new Random(seed), 2);
    search(Map.of("query", Map.of("text", Map.of("q", words))), 10);
  }

  private void vectorSearch(int seed) {
    nearest(LoadRecord.vector(records + seed));
  }

  private JsonNode nearest(float[] vector) {
    return search(
        Map.of("query", Map.of("vector", Map.of("name", "meaning", "value", vector))), NEIGHBOURS);
  }

  private void recall() {
    double share =
        new Recall(withVector, records / withVector, NEIGHBOURS)
            .of(RECALL_QUERIES, 2 * records, this::nearest);
    print("recall at 50", String.format(Locale.ROOT, "%.3f", share));
  }

  private void query(String name, IntConsumer query)
      throws InterruptedException, ExecutionException {
    for (int i = 0; i < WARM_UP; i++) {
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
    print(name + ", p50, p95 and p99, ms", Together.run(clients).percentiles());
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
