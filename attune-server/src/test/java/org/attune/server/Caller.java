package org.attune.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.attune.server.json.Json;
import org.jspecify.annotations.Nullable;

/** Somebody who calls the routes of a server with an API key, as a program does. */
public final class Caller {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String address;
  private final @Nullable String apiKey;

  public Caller(String address, @Nullable String apiKey) {
    this.address = address;
    this.apiKey = apiKey;
  }

  /** The key that is sent, or null for none. */
  public @Nullable String apiKey() {
    return apiKey;
  }

  /** An answer: its status and its body as it came. */
  public record Answer(int status, String body, HttpResponse<String> response) {

    public Map<String, @Nullable Object> json() {
      return Json.object(body);
    }

    /** The items of a list. */
    public List<Map<String, @Nullable Object>> items() {
      return objects("items");
    }

    @SuppressWarnings("unchecked")
    public List<Map<String, @Nullable Object>> objects(String key) {
      return (List<Map<String, @Nullable Object>>) Objects.requireNonNull(json().get(key), body);
    }

    public String text(String key) {
      return String.valueOf(json().get(key));
    }
  }

  public Answer get(String path) {
    return send("GET", path, null);
  }

  public Answer post(String path, @Nullable Object body) {
    return send("POST", path, body);
  }

  public Answer put(String path, @Nullable Object body) {
    return send("PUT", path, body);
  }

  public Answer patch(String path, @Nullable Object body) {
    return send("PATCH", path, body);
  }

  public Answer delete(String path) {
    return send("DELETE", path, null);
  }

  /** Sends a request with a JSON body, or with none. */
  public Answer send(String method, String path, @Nullable Object body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(
                        body instanceof String text ? text : Json.write(body)));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (apiKey != null) {
      request.header("X-Argilla-Api-Key", apiKey);
    }
    try {
      HttpResponse<String> response =
          HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body(), response);
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " got no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(method + " " + path + " was interrupted", e);
    }
  }
}
