package org.attune.feedback.client;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.attune.data.InvalidInputException;

/** Where a server is, who asks, and how patiently. */
public final class ClientSettings {

  private static final int MOST_PER_BATCH = 500;

  private final URI server;
  private final String apiKey;
  private final Duration timeout;
  private final int attempts;
  private final Duration firstWait;
  private final int batch;

  private ClientSettings(
      URI server, String apiKey, Duration timeout, int attempts, Duration firstWait, int batch) {
    this.server = server;
    this.apiKey = apiKey;
    this.timeout = timeout;
    this.attempts = attempts;
    this.firstWait = firstWait;
    this.batch = batch;
  }

  /**
   * The usual patience: two minutes for an answer, five attempts, 500 records at once.
   *
   * @throws InvalidInputException if the address is no http or https address, or there is no key
   */
  public static ClientSettings of(URI server, String apiKey) {
    String scheme = server.getScheme();
    if (server.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new InvalidInputException(
          "\"%s\" is no address of a server. Write one such as http://localhost:6900."
              .formatted(server));
    }
    if (apiKey.isBlank() || !apiKey.chars().allMatch(letter -> letter > ' ' && letter < 127)) {
      throw new InvalidInputException(
          "The API key must be printable ASCII without spaces. Copy it from the page of your"
              + " settings.");
    }
    return new ClientSettings(
        server, apiKey, Duration.ofMinutes(2), 5, Duration.ofMillis(500), MOST_PER_BATCH);
  }

  /**
   * What {@code ARGILLA_API_URL} and {@code ARGILLA_API_KEY} say; without an address, {@code
   * http://localhost:6900}.
   *
   * @throws InvalidInputException if there is no key
   */
  public static ClientSettings fromEnvironment(Map<String, String> environment) {
    String server =
        Optional.ofNullable(environment.get("ARGILLA_API_URL")).orElse("http://localhost:6900");
    return of(
        URI.create(server), Optional.ofNullable(environment.get("ARGILLA_API_KEY")).orElse(""));
  }

  /** The same settings, waiting that long for each answer. */
  public ClientSettings timeout(Duration value) {
    return new ClientSettings(server, apiKey, value, attempts, firstWait, batch);
  }

  /**
   * The same settings, trying that often.
   *
   * @param wait before the second attempt; twice that before the third, and so on
   */
  public ClientSettings attempts(int value, Duration wait) {
    if (value < 1) {
      throw new InvalidInputException(
          "attempts must be at least 1 but was " + value + ". Use 1 to try once.");
    }
    return new ClientSettings(server, apiKey, timeout, value, wait, batch);
  }

  /** The same settings, sending and asking for that many records at once, at most 500. */
  public ClientSettings batch(int value) {
    if (value < 1 || value > MOST_PER_BATCH) {
      throw new InvalidInputException(
          "batch must be 1 to 500 but was " + value + ". Servers refuse more at once.");
    }
    return new ClientSettings(server, apiKey, timeout, attempts, firstWait, value);
  }

  URI server() {
    return server;
  }

  String apiKey() {
    return apiKey;
  }

  Duration timeout() {
    return timeout;
  }

  int attempts() {
    return attempts;
  }

  Duration firstWait() {
    return firstWait;
  }

  int batch() {
    return batch;
  }

  /** Without the key, which logs must not show. */
  @Override
  public String toString() {
    return "the server at " + server;
  }
}
