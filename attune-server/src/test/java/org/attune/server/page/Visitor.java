package org.attune.server.page;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A browser reduced to what the tests of pages need: it keeps its session and follows nothing. */
public final class Visitor {

  private final HttpClient client = HttpClient.newHttpClient();
  private final String server;
  private String session = "";

  public Visitor(String server) {
    this.server = server;
  }

  /** The session cookie as the browser would send it. */
  public String session() {
    return session;
  }

  public void bring(String cookie) {
    session = cookie;
  }

  public HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    return send(request(path, headers).GET().build());
  }

  public HttpResponse<String> post(String path, Map<String, String> form, String... headers)
      throws IOException, InterruptedException {
    String body =
        form.entrySet().stream()
            .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
    return send(
        request(path, headers)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  /** Sends a form with a file in it, as browsers do. */
  public HttpResponse<String> upload(
      String path, Map<String, String> form, String fileName, String content)
      throws IOException, InterruptedException {
    String boundary = "----attune";
    StringBuilder body = new StringBuilder();
    form.forEach(
        (name, value) ->
            body.append("--" + boundary + "\r\nContent-Disposition: form-data; name=\"")
                .append(name + "\"\r\n\r\n" + value + "\r\n"));
    body.append("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"")
        .append(fileName + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
        .append(content + "\r\n--" + boundary + "--\r\n");
    return send(
        request(path)
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build());
  }

  public HttpResponse<String> signIn(String name, String password)
      throws IOException, InterruptedException {
    return post("/sign-in", Map.of("username", name, "password", password));
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path));
    if (!session.isEmpty()) {
      request.header("Cookie", session);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request;
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    sessionOf(response).ifPresent(cookie -> session = cookie.replaceFirst(";.*", ""));
    return response;
  }

  /** The header that sets the session cookie, with all its flags. */
  public static Optional<String> sessionOf(HttpResponse<String> response) {
    return response.headers().allValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith("attune_session="))
        .findFirst();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
