package org.attune.data.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Why a hub answered with an error, in words that say what to do. */
final class Refusal {
  private static final int MOST_BYTES = 1 << 14;
  private static final int MOST_SHOWN = 300;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Refusal() {}

  /**
   * The error for an answer, whose body is read and closed.
   *
   * @param what was asked for, such as {@code hf:org/name}
   */
  static HubException of(HttpResponse<InputStream> answer, String what, HubConnection connection) {
    String said = said(answer);
    String code = answer.headers().firstValue("X-Error-Code").orElse("");
    int status = answer.statusCode();
    boolean isRefused = status == 401 || status == 403;
    if (code.equals("GatedRepo") || (isRefused && said.contains("gated"))) {
      return gated(what, connection, said);
    }
    return switch (status) {
      case 401, 403 -> forbidden(what, connection, status, said);
      case 404 -> notFound(what, connection, code, said);
      case 409 ->
          new HubException(
              HubException.Reason.REFUSED,
              "%s has changed meanwhile (409%s). Ask again.".formatted(what, said));
      case 429 -> tooMany(what, connection, HubConnection.askedPause(answer), said);
      default ->
          new HubException(
              status >= 500 ? HubException.Reason.UNREACHABLE : HubException.Reason.REFUSED,
              "The hub answered %d to the request for %s%s. %s"
                  .formatted(
                      status,
                      what,
                      said,
                      status >= 500
                          ? "Its own failure: ask again later, or set HF_HUB_OFFLINE=1 to use what is in the cache."
                          : "Check the name and HF_ENDPOINT."));
    };
  }

  private static HubException gated(String what, HubConnection connection, String said) {
    return new HubException(
        HubException.Reason.GATED,
        "%s is gated: its owner wants to be asked first%s. %s"
            .formatted(
                what,
                said,
                connection.hasToken()
                    ? "Your token is known, but has no access yet: open the repository's page at the hub, accept its terms, and wait for the owner where needed."
                    : "Open the repository's page at the hub, accept its terms, and set HF_TOKEN to a token of yours."));
  }

  private static HubException forbidden(
      String what, HubConnection connection, int status, String said) {
    return new HubException(
        HubException.Reason.FORBIDDEN,
        "The hub does not give access to %s (%d%s). %s"
            .formatted(
                what,
                status,
                said,
                connection.hasToken()
                    ? "The token is wrong, has expired, or may not do this; make one with the right permission in the hub's settings."
                    : "It is private, or does not exist; set HF_TOKEN to a token that may see it."));
  }

  private static HubException notFound(
      String what, HubConnection connection, String code, String said) {
    String rule =
        switch (code) {
          case "RevisionNotFound" -> "The repository has no such branch, tag or commit.";
          case "EntryNotFound" -> "The repository has no such file at that revision.";
          default ->
              connection.hasToken()
                  ? "Check the spelling; a private repository needs a token that may see it."
                  : "Check the spelling; a private repository needs HF_TOKEN.";
        };
    return new HubException(
        HubException.Reason.NOT_FOUND,
        "There is no %s at the hub (404%s). %s".formatted(what, said, rule));
  }

  private static HubException tooMany(
      String what, HubConnection connection, Optional<Duration> asked, String said) {
    return new HubException(
        HubException.Reason.TOO_MANY_REQUESTS,
        "The hub was asked too often and does not give %s now (429%s). %s%s"
            .formatted(
                what,
                said,
                asked
                    .map(pause -> "It asks to wait %,d seconds.".formatted(pause.toSeconds()))
                    .orElse("Wait a few minutes."),
                connection.hasToken() ? "" : " With HF_TOKEN more is allowed."));
  }

  /** The hub's own words, behind a colon; nothing where it has none that a person can read. */
  private static String said(HttpResponse<InputStream> answer) {
    Optional<String> header = answer.headers().firstValue("X-Error-Message");
    try (InputStream body = answer.body()) {
      byte[] bytes = body.readNBytes(MOST_BYTES);
      String text = header.orElseGet(() -> error(bytes));
      String shown = text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
      return shown.isBlank() ? "" : ": " + shown.replaceAll("\\p{Cntrl}", " ").strip();
    } catch (IOException e) {
      return header.map(text -> ": " + text).orElse("");
    }
  }

  private static String error(byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      return json == null ? "" : json.path("error").asText();
    } catch (IOException e) {
      return "";
    }
  }
}
