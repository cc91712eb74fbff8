package org.attune.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A hub on this machine that speaks Hugging Face's protocol, and misbehaves on request. Large files
 * lie at another address, as the real hub's do.
 */
public final class FakeHub implements AutoCloseable {
  /** The commit that every repository is at. */
  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern INFO =
      Pattern.compile("/api/(?:models|datasets)/(.+)/revision/([^/]+)");
  private static final Pattern FILE = Pattern.compile("/(?:datasets/)?(.+)/resolve/([^/]+)/(.+)");
  private static final Pattern PREUPLOAD =
      Pattern.compile("/api/(?:models|datasets)/(.+)/preupload/([^/]+)");
  private static final Pattern BATCH =
      Pattern.compile("/(?:datasets/)?(.+)\\.git/info/lfs/objects/batch");
  private static final Pattern COMMITTED =
      Pattern.compile("/api/(?:models|datasets)/(.+)/commit/([^/]+)");

  /** What was asked: the method, the path with its query, and what came with it. */
  public record Question(
      String method, String path, Optional<String> token, Optional<String> range, String body) {}

  private final Map<String, Map<String, byte[]>> repositories = new ConcurrentHashMap<>();
  private final Map<String, byte[]> large = new ConcurrentHashMap<>();
  private final Set<String> largePaths = new HashSet<>();
  private final List<Question> questions = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool(FakeHub::daemon);
  private final HttpServer front;
  private final HttpServer storage;

  private volatile Fault fault = exchange -> false;
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile int cutAfter;
  private volatile long pauseMillis;
  private volatile boolean corrupts;
  private volatile String announcedCommit = COMMIT;

  /** Answers in place of the hub and its storage, or gives false. */
  @FunctionalInterface
  public interface Fault {
    boolean answers(HttpExchange exchange) throws IOException;
  }

  private FakeHub() {
    front = server(this::answer);
    storage = server(this::answerFromStorage);
  }

  public static FakeHub start() {
    return new FakeHub();
  }

  /** The address for {@code HF_ENDPOINT}. */
  public String endpoint() {
    return "http://127.0.0.1:" + front.getAddress().getPort();
  }

  /** All that was asked so far, of the hub and of its storage. */
  public List<Question> questions() {
    return questions;
  }

  private Map<String, byte[]> files(String id) {
    return repositories.getOrDefault(id, Map.of());
  }

  /** Puts a small file into a repository. */
  public FakeHub file(String id, String path, byte[] content) {
    repositories.computeIfAbsent(id, key -> new LinkedHashMap<>()).put(path, content);
    return this;
  }

  /** Puts a file into a repository whose content lies in the storage. */
  public FakeHub largeFile(String id, String path, byte[] content) {
    largePaths.add(id + "/" + path);
    large.put(sha256(content), content);
    return file(id, path, content);
  }

  /** The content of a file that was uploaded, or put here. */
  public Optional<byte[]> content(String id, String path) {
    return Optional.ofNullable(files(id).get(path));
  }

  /** Ends the next connections that carry content, each after some bytes. */
  public FakeHub cut(int times, int afterBytes) {
    cuts.set(times);
    cutAfter = afterBytes;
    return this;
  }

  /** Sends content in small pieces with a pause before each. */
  public FakeHub slow(long newPauseMillis) {
    pauseMillis = newPauseMillis;
    return this;
  }

  /** Changes a byte of all content that is sent. */
  public FakeHub corrupt(boolean yes) {
    corrupts = yes;
    return this;
  }

  /** Answers otherwise than a hub. */
  public FakeHub fault(Fault newFault) {
    fault = newFault;
    return this;
  }

  /** Claims that repositories are at another commit. */
  public FakeHub commit(String announced) {
    announcedCommit = announced;
    return this;
  }

  /** An answer with headers, given as name and value in turn. */
  public static void answer(HttpExchange exchange, int status, String body, String... headers)
      throws IOException {
    for (int i = 0; i < headers.length; i += 2) {
      exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
    }
    byte[] bytes = body.getBytes(UTF_8);
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, isHead || bytes.length == 0 ? -1 : bytes.length);
    if (!isHead && bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  @Override
  public void close() {
    front.stop(0);
    storage.stop(0);
    threads.shutdownNow();
  }

  private HttpServer server(HttpHandler handler) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", handler);
      server.setExecutor(threads);
      server.start();
      return server;
    } catch (IOException failure) {
      throw new UncheckedIOException("No local server can be started", failure);
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "fake-hub");
    thread.setDaemon(true);
    return thread;
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    note(exchange, body);
    if (fault.answers(exchange)) {
      return;
    }
    String path = exchange.getRequestURI().getRawPath();
    Matcher info = INFO.matcher(path);
    Matcher file = FILE.matcher(path);
    Matcher preupload = PREUPLOAD.matcher(path);
    Matcher batch = BATCH.matcher(path);
    Matcher commit = COMMITTED.matcher(path);
    if (path.equals("/api/repos/create")) {
      JsonNode wanted = JSON.readTree(body);
      String id = wanted.path("organization").asText() + "/" + wanted.path("name").asText();
      boolean isNew = repositories.putIfAbsent(id, new LinkedHashMap<>()) == null;
      answer(exchange, isNew ? 200 : 409, "{\"url\": \"" + id + "\"}");
    } else if (info.matches() && repositories.containsKey(info.group(1))) {
      answer(exchange, 200, info(info.group(1)).toString());
    } else if (preupload.matches()) {
      answer(exchange, 200, modes(JSON.readTree(body)).toString());
    } else if (batch.matches()) {
      answer(exchange, 200, uploads(JSON.readTree(body)).toString());
    } else if (commit.matches()) {
      commit(commit.group(1), new String(body, UTF_8));
      answer(exchange, 200, "{\"commitOid\": \"" + COMMIT + "\", \"commitUrl\": \"url\"}");
    } else if (file.matches() && repositories.containsKey(file.group(1))) {
      file(exchange, file.group(1), URLDecoder.decode(file.group(3), UTF_8));
    } else {
      answer(
          exchange, 404, "{\"error\": \"Repository not found\"}", "X-Error-Code", "RepoNotFound");
    }
  }

  private void file(HttpExchange exchange, String id, String path) throws IOException {
    byte[] content = files(id).get(path);
    if (content == null) {
      answer(exchange, 404, "", "X-Error-Code", "EntryNotFound");
    } else if (largePaths.contains(id + "/" + path)) {
      String address =
          "http://127.0.0.1:"
              + storage.getAddress().getPort()
              + "/"
              + sha256(content)
              + "?signed=1";
      answer(
          exchange,
          302,
          "",
          "Location",
          address,
          "X-Repo-Commit",
          announcedCommit,
          "X-Linked-Etag",
          '"' + sha256(content) + '"',
          "X-Linked-Size",
          Integer.toString(content.length));
    } else {
      exchange.getResponseHeaders().set("X-Repo-Commit", announcedCommit);
      exchange.getResponseHeaders().set("ETag", '"' + gitHash(content) + '"');
      send(exchange, content);
    }
  }

  private void answerFromStorage(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    note(exchange, exchange.getRequestMethod().equals("PUT") ? new byte[0] : body);
    if (fault.answers(exchange)) {
      return;
    }
    String hash = exchange.getRequestURI().getPath().substring(1);
    if (exchange.getRequestMethod().equals("PUT")) {
      boolean fits = sha256(body).equals(hash);
      if (fits) {
        large.put(hash, body);
      }
      answer(exchange, fits ? 200 : 400, "");
    } else if (large.containsKey(hash)) {
      send(exchange, large.get(hash));
    } else {
      answer(exchange, 404, "");
    }
  }

  private void send(HttpExchange exchange, byte[] content) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D+", ""));
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
      return;
    }
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    byte[] rest = Arrays.copyOfRange(content, from, content.length);
    if (corrupts && rest.length > 0) {
      rest[rest.length - 1] ^= 1;
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, rest.length == 0 ? -1 : rest.length);
    int end = rest.length;
    if (rest.length > cutAfter && cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      end = cutAfter;
    }
    try {
      write(exchange.getResponseBody(), rest, end);
    } catch (IOException e) {
      // the client has gone
    } finally {
      exchange.close(); // cuts the connection where bytes are missing
    }
  }

  private void write(OutputStream out, byte[] bytes, int end) throws IOException {
    int piece = pauseMillis > 0 ? 1 << 12 : Math.max(1, end);
    for (int at = 0; at < end; at += piece) {
      if (pauseMillis > 0) {
        try {
          Thread.sleep(pauseMillis);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
      out.write(bytes, at, Math.min(piece, end - at));
      out.flush();
    }
  }

  private ObjectNode info(String id) {
    ObjectNode info = JSON.createObjectNode().put("id", id).put("sha", announcedCommit);
    files(id)
        .forEach(
            (path, content) ->
                info.withArray("siblings")
                    .addObject()
                    .put("rfilename", path)
                    .put("size", content.length));
    return info;
  }

  private static ObjectNode modes(JsonNode wanted) {
    ObjectNode modes = JSON.createObjectNode();
    for (JsonNode file : wanted.path("files")) {
      boolean isLarge =
          file.path("size").asLong() > 10_000
              || file.path("path").asText().endsWith(".safetensors");
      modes
          .withArray("files")
          .addObject()
          .put("path", file.path("path").asText())
          .put("uploadMode", isLarge ? "lfs" : "regular")
          .put("shouldIgnore", false);
    }
    return modes;
  }

  private ObjectNode uploads(JsonNode wanted) {
    ObjectNode uploads = JSON.createObjectNode().put("transfer", "basic");
    for (JsonNode object : wanted.path("objects")) {
      String oid = object.path("oid").asText();
      ObjectNode upload = uploads.withArray("objects").addObject().put("oid", oid);
      if (!large.containsKey(oid)) {
        upload
            .putObject("actions")
            .putObject("upload")
            .put("href", "http://127.0.0.1:" + storage.getAddress().getPort() + "/" + oid)
            .putObject("header")
            .put("X-Signed", "yes");
      }
    }
    return uploads;
  }

  private void commit(String id, String lines) throws IOException {
    for (String line : lines.lines().toList()) {
      JsonNode entry = JSON.readTree(line);
      JsonNode value = entry.path("value");
      String path = value.path("path").asText();
      switch (entry.path("key").asText()) {
        case "file" -> file(id, path, Base64.getDecoder().decode(value.path("content").asText()));
        case "lfsFile" -> {
          largePaths.add(id + "/" + path);
          file(id, path, large.getOrDefault(value.path("oid").asText(), new byte[0]));
        }
        default -> {
          // the header
        }
      }
    }
  }

  private void note(HttpExchange exchange, byte[] body) {
    questions.add(
        new Question(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range")),
            new String(body, UTF_8)));
  }

  /** How often content of a path or hash was asked for. */
  public long count(String method, String part) {
    return Stream.of(questions.toArray(new Question[0]))
        .filter(question -> question.method().equals(method) && question.path().contains(part))
        .count();
  }

  public static String sha256(byte[] content) {
    return hash("SHA-256", content);
  }

  private static String gitHash(byte[] content) {
    byte[] header = ("blob " + content.length + "\0").getBytes(UTF_8);
    byte[] both = Arrays.copyOf(header, header.length + content.length);
    System.arraycopy(content, 0, both, header.length, content.length);
    return hash("SHA-1", both);
  }

  private static String hash(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException failure) {
      throw new IllegalStateException("Every Java platform has " + algorithm, failure);
    }
  }
}
