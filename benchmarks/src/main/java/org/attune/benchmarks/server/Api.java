package org.attune.benchmarks.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A client of the server, as thin as can be, so that the server is what is measured. */
final class Api {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String address;
  private final String key;

  Api(String address, String key) {
    this.address = address;
    this.key = key;
  }

  /** The same server for somebody else. */
  Api as(String otherKey) {
    return new Api(address, otherKey);
  }

  /** Sends a request, and fails unless it succeeded. */
  JsonNode send(String method, String path, @Nullable Object body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address + path))
              .timeout(Duration.ofMinutes(5))
              .header("X-Argilla-Api-Key", key)
              .header("Content-Type", "application/json")
              .method(
                  method,
                  body == null
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
              .build();
      HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() >= 300) {
        throw new IllegalStateException(
            method + " " + path + ": " + response.statusCode() + " " + text(response.body()));
      }
      return response.body().length == 0 ? JSON.createObjectNode() : JSON.readTree(response.body());
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(method + " " + path, e);
    }
  }

  private static String text(byte[] body) {
    return new String(body, java.nio.charset.StandardCharsets.UTF_8);
  }
}
