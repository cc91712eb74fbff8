package org.attune.server.oidc;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser that goes from the server to the provider and back, step by step. */
final class SigningInBrowser {

  private final HttpClient http =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
  private final String server;

  SigningInBrowser(String server) {
    this.server = server;
  }

  HttpResponse<String> get(String address) {
    return send(HttpRequest.newBuilder(URI.create(address)).GET());
  }

  /** A page of the server. */
  HttpResponse<String> page(String path) {
    return get(server + path);
  }

  /** Presses the button of the sign-in page, and returns where that leads. */
  String begin() {
    return location(page("/sign-in/oidc?redirect=%2Fdatasets"));
  }

  /** Signs in at the provider, and returns the address it sends the browser back to. */
  String signInAtProvider(String authorization, String username) {
    HttpResponse<String> form = get(authorization);
    String login = location(form);
    HttpResponse<String> signedIn =
        send(
            HttpRequest.newBuilder(URI.create(login))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "username="
                            + username
                            + "&password="
                            + URLEncoder.encode(OpenIdProvider.PASSWORD, StandardCharsets.UTF_8))));
    return location(get(location(signedIn)));
  }

  /** All of it; the answer is the server's last. */
  HttpResponse<String> signIn(String username) {
    return get(signInAtProvider(begin(), username));
  }

  HttpResponse<String> post(String path) {
    return send(
        HttpRequest.newBuilder(URI.create(server + path))
            .POST(HttpRequest.BodyPublishers.noBody()));
  }

  /** Where an answer sends the browser. */
  static String location(HttpResponse<String> answer) {
    return answer
        .headers()
        .firstValue("Location")
        .map(location -> answer.uri().resolve(location).toString())
        .orElseThrow(
            () -> new AssertionError(answer.statusCode() + " leads nowhere: " + answer.body()));
  }

  /** A parameter of an address. */
  static String parameter(String address, String name) {
    Matcher matcher = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(address);
    if (!matcher.find()) {
      throw new AssertionError(address + " has no " + name);
    }
    return matcher.group(1);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(
          request.header("Accept", "text/html").build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
