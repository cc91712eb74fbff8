package org.attune.data.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Requests to one hub: made again after a pause where that may help, redirected by hand, with the
 * token only where it belongs.
 */
final class HubConnection {
  private static final int MOST_REDIRECTS = 5;

  /** Bytes in a second that an upload brings at least. */
  private static final long SLOWEST_UPLOAD = 50_000;

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

  private final HubSettings settings;
  private final HttpClient client;
  private final Optional<HubToken> token;

  HubConnection(HubSettings settings) {
    this.settings = settings;
    token = HubToken.find(settings.environment(), settings.tokenFile());
    token.ifPresent(present -> requireEncrypted(settings.endpoint()));
    client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.stall())
            .build();
  }

  /**
   * What is asked.
   *
   * @param bytes of the body, which takes its time
   * @param headers of its own
   */
  record Question(String method, BodyPublisher body, long bytes, Map<String, String> headers) {
    static Question get() {
      return new Question("GET", BodyPublishers.noBody(), 0, Map.of());
    }

    static Question head() {
      return new Question("HEAD", BodyPublishers.noBody(), 0, Map.of());
    }

    static Question post(byte[] content, String type) {
      return new Question(
          "POST",
          BodyPublishers.ofByteArray(content),
          content.length,
          Map.of("Content-Type", type));
    }

    static Question put(BodyPublisher body, long bytes) {
      return new Question("PUT", body, bytes, Map.of());
    }

    Question with(String name, String value) {
      Map<String, String> more = new HashMap<>(headers);
      more.put(name, value);
      return new Question(method, body, bytes, more);
    }
  }

  /** An address of storage that the hub named. */
  URI storage(String address) {
    return redirected(settings.endpoint(), address);
  }

  boolean hasToken() {
    return token.isPresent();
  }

  /** An address below the endpoint. */
  URI address(String path) {
    return URI.create(settings.endpoint() + path);
  }

  /**
   * Asks until there is an answer that another try would not change.
   *
   * @return the answer; the caller closes its body
   * @throws HubException if there is none
   */
  HttpResponse<InputStream> ask(URI address, Question question) {
    for (int attempt = 0; ; attempt++) {
      try {
        HttpResponse<InputStream> answer = askOnce(address, question);
        if (!PASSING.contains(answer.statusCode())) {
          return answer;
        }
        if (attempt >= settings.retries() || !canWait(answer)) {
          return answer;
        }
        answer.body().close();
        pause(askedPause(answer).orElse(pause(attempt)));
      } catch (IOException e) {
        if (attempt >= settings.retries()) {
          throw unreachable(address, e);
        }
        pause(pause(attempt));
      }
    }
  }

  /** Asks once, and follows where the answer sends. */
  HttpResponse<InputStream> askOnce(URI address, Question question) throws IOException {
    URI next = address;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpResponse<InputStream> answer = send(next, question);
      Optional<String> location = answer.headers().firstValue("Location");
      if (!REDIRECTS.contains(answer.statusCode()) || location.isEmpty()) {
        return answer;
      }
      URI target = redirected(next, location.get());
      if (question.method().equals("HEAD") && describesFile(answer, next, target)) {
        return answer;
      }
      answer.body().close();
      next = target;
    }
    throw new HubException(
        HubException.Reason.UNREACHABLE,
        "%s was redirected more than %d times. Check HF_ENDPOINT."
            .formatted(address, MOST_REDIRECTS));
  }

  /** The hub tells the hash of a large file in the answer that sends to its storage. */
  private static boolean describesFile(HttpResponse<?> answer, URI from, URI to) {
    return answer.headers().firstValue("X-Linked-Etag").isPresent() || !isSameOrigin(from, to);
  }

  private static URI redirected(URI from, String location) {
    URI target;
    try {
      target = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new HubException(
          HubException.Reason.DAMAGED,
          "%s was redirected to \"%s\", which is no address. Check HF_ENDPOINT."
              .formatted(from, location),
          e);
    }
    boolean isWeb = "https".equals(target.getScheme()) || "http".equals(target.getScheme());
    if (!isWeb || ("https".equals(from.getScheme()) && !"https".equals(target.getScheme()))) {
      throw new HubException(
          HubException.Reason.REFUSED,
          "%s was redirected to %s, which is not encrypted. Check HF_ENDPOINT."
              .formatted(from, target));
    }
    return target;
  }

  private HttpResponse<InputStream> send(URI address, Question question) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .method(question.method(), question.body())
            .timeout(settings.stall().plusSeconds(question.bytes() / SLOWEST_UPLOAD))
            .header("User-Agent", "attune")
            .header("Accept-Encoding", "identity");
    question.headers().forEach(request::header);
    if (isSameOrigin(settings.endpoint(), address)) {
      token.ifPresent(secret -> request.header("Authorization", secret.authorization()));
    }
    try {
      return client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    }
  }

  static boolean isSameOrigin(URI one, URI other) {
    return one.getScheme().equals(other.getScheme())
        && one.getHost().equalsIgnoreCase(String.valueOf(other.getHost()))
        && port(one) == port(other);
  }

  private static int port(URI address) {
    return address.getPort() >= 0
        ? address.getPort()
        : "https".equals(address.getScheme()) ? 443 : 80;
  }

  private static void requireEncrypted(URI endpoint) {
    String host = endpoint.getHost();
    boolean isLocal = host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    if (!"https".equals(endpoint.getScheme()) && !isLocal) {
      throw new HubException(
          HubException.Reason.REFUSED,
          "HF_ENDPOINT is %s, but a token is sent over https only. Use https, or unset the token."
              .formatted(endpoint));
    }
  }

  private boolean canWait(HttpResponse<?> answer) {
    return askedPause(answer)
        .map(asked -> asked.compareTo(settings.longestPause()) <= 0)
        .orElse(true);
  }

  /** How long the hub asks to wait, if it says. */
  static Optional<Duration> askedPause(HttpResponse<?> answer) {
    return answer.headers().firstValue("Retry-After").flatMap(RetryAfter::parse);
  }

  /** How long to wait after the given number of failures before this one. */
  Duration pause(int failures) {
    Duration doubled = settings.firstPause().multipliedBy(1L << Math.min(failures, 16));
    return doubled.compareTo(settings.longestPause()) < 0 ? doubled : settings.longestPause();
  }

  void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    }
  }

  HubException unreachable(URI address, IOException e) {
    return new HubException(
        HubException.Reason.UNREACHABLE,
        "%s cannot be reached (%s), after %d attempts. Check the network and HF_ENDPOINT, or set HF_HUB_OFFLINE=1 to use what is in the cache."
            .formatted(withoutQuery(address), e, settings.retries() + 1),
        e);
  }

  /** Addresses of storage carry a signature, which is a secret for a while. */
  static String withoutQuery(URI address) {
    String text = address.toString();
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }

  private static HubException interrupted(InterruptedException e) {
    return new HubException(
        HubException.Reason.UNREACHABLE,
        "The request was interrupted. Ask again; what had arrived is kept.",
        e);
  }
}
