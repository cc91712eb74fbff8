package org.attune.feedback.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Requests to a server, repeated after a failure that may pass. Only what has the same effect when
 * it is done twice is repeated, since nobody knows whether a request whose answer was lost was
 * carried out.
 */
final class Connection {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<Integer> PASSING = Set.of(429, 500, 502, 503, 504);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final ClientSettings settings;
  private final HttpClient http;

  /**
   * A request.
   *
   * @param what what it is for, to complete "refused to …"
   * @param path below {@code /api/}, with its query
   * @param body JSON, or null
   * @param repeatable whether doing it twice has the effect of doing it once
   */
  record Question(
      String what, String method, String path, byte @Nullable [] body, boolean repeatable) {}

  Connection(ClientSettings settings) {
    this.settings = settings;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.timeout())
            .build();
  }

  ClientSettings settings() {
    return settings;
  }

  Map<?, ?> get(String what, String path) {
    return object(what, ask(new Question(what, "GET", path, null, true)));
  }

  /** Makes something new: never repeated. */
  Map<?, ?> post(String what, String path, Object body) {
    return object(what, ask(new Question(what, "POST", path, json(body), false)));
  }

  /** Posts what may be done twice, such as a search. */
  Map<?, ?> postAgain(String what, String path, Object body) {
    return object(what, ask(new Question(what, "POST", path, json(body), true)));
  }

  @Nullable Object put(String what, String path, Object body) {
    return ask(new Question(what, "PUT", path, json(body), true));
  }

  @Nullable Object patch(String what, String path, Object body) {
    return ask(new Question(what, "PATCH", path, json(body), true));
  }

  void delete(String what, String path) {
    ask(new Question(what, "DELETE", path, null, true));
  }

  static byte[] json(Object body) {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          body + " cannot be written as JSON: " + e.getOriginalMessage() + ".", e);
    }
  }

  static String encoded(String part) {
    return URLEncoder.encode(part, UTF_8).replace("+", "%20");
  }

  private Map<?, ?> object(String what, @Nullable Object answer) {
    if (answer instanceof Map<?, ?> map) {
      return map;
    }
    throw nonsense(what, null);
  }

  private FeedbackClientException nonsense(String what, @Nullable Exception cause) {
    String message =
        "The answer to the request to %s is no JSON object. Check that %s is the address of a feedback server."
            .formatted(what, settings.server());
    return cause == null
        ? new FeedbackClientException(0, message)
        : new FeedbackClientException(message, cause);
  }

  /**
   * The answer's JSON, null if it has none.
   *
   * @throws FeedbackClientException if the last attempt failed
   */
  @Nullable Object ask(Question question) {
    HttpResponse<byte[]> answer = answer(question);
    if (answer.statusCode() >= 300) {
      throw Refusal.of(answer.statusCode(), parsed(answer)).exception(question.what(), settings);
    }
    return body(question, answer);
  }

  /** The answer to a request, be it a refusal. */
  HttpResponse<byte[]> answer(Question question) {
    for (int attempt = 1; ; attempt++) {
      boolean last = attempt >= settings.attempts() || !question.repeatable();
      Optional<Duration> asked = Optional.empty();
      try {
        HttpResponse<byte[]> answer = http.send(request(question), BodyHandlers.ofByteArray());
        if (!PASSING.contains(answer.statusCode()) || last) {
          return answer;
        }
        asked = answer.headers().firstValue("Retry-After").flatMap(Connection::seconds);
      } catch (IOException e) {
        if (last) {
          throw new FeedbackClientException(
              "No answer to the request to %s from %s after %d attempts: %s. Check that it runs and can be reached."
                  .formatted(question.what(), settings, attempt, e),
              e);
        }
      } catch (InterruptedException e) {
        throw interrupted(question, e);
      }
      pause(question, asked.orElse(wait(attempt)));
    }
  }

  private HttpRequest request(Question question) {
    byte[] body = question.body();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address(question.path()))
            .timeout(settings.timeout())
            .header("X-Argilla-Api-Key", settings.apiKey())
            .header("Accept", "application/json")
            .method(
                question.method(),
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    return request.build();
  }

  private URI address(String path) {
    String base = settings.server().toString();
    return URI.create((base.endsWith("/") ? base : base + "/") + "api/" + path);
  }

  /** The JSON of a refusal, null if it is none. */
  @Nullable Object parsed(HttpResponse<byte[]> refusal) {
    try {
      return refusal.body().length == 0 ? null : JSON.readValue(refusal.body(), Object.class);
    } catch (IOException e) {
      return null; // a proxy's page, perhaps; the status says enough
    }
  }

  private @Nullable Object body(Question question, HttpResponse<byte[]> answer) {
    if (answer.body().length == 0) {
      return null;
    }
    try {
      return JSON.readValue(answer.body(), Object.class);
    } catch (IOException e) {
      throw nonsense(question.what(), e);
    }
  }

  /**
   * Twice as long each time, and by chance up to half of it less, lest all clients come at once.
   */
  private Duration wait(int attempt) {
    // the last digits of the clock differ between clients as chance would
    double share = 1 - (System.nanoTime() & 1023) / 2048.0;
    double factor = Math.pow(2, attempt - 1.0) * share;
    double longest = (double) LONGEST_WAIT.toMillis();
    return Duration.ofMillis((long) Math.min(factor * settings.firstWait().toMillis(), longest));
  }

  private static Optional<Duration> seconds(String header) {
    return header.matches("\\d{1,4}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(header)))
            .filter(wait -> wait.compareTo(LONGEST_WAIT) <= 0)
        : Optional.empty();
  }

  private void pause(Question question, Duration wait) {
    try {
      Thread.sleep(wait.toMillis());
    } catch (InterruptedException e) {
      throw interrupted(question, e);
    }
  }

  private FeedbackClientException interrupted(Question question, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new FeedbackClientException(
        "The request to %s was interrupted.".formatted(question.what()), cause);
  }

  static List<?> items(Map<?, ?> answer) {
    return answer.get("items") instanceof List<?> items ? items : List.of();
  }
}
