package org.attune.server.webhook;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came of sending an event once.
 *
 * @param problem what went wrong; empty if nothing did
 */
record Attempt(Result result, String problem) {

  private static final int FIRST_REFUSAL = 300;

  enum Result {
    DELIVERED,
    REFUSED,
    UNREACHABLE
  }

  /** Sends an event and waits for the status of the answer. */
  static Attempt send(
      Messenger messenger,
      Destination destination,
      Delivery delivery,
      Patience patience,
      Clock clock) {
    long seconds = clock.instant().getEpochSecond();
    try {
      URI url = URI.create(URI.create(delivery.url()).toASCIIString());
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put("Content-Type", "application/json");
      headers.put("webhook-id", delivery.messageId());
      headers.put("webhook-timestamp", Long.toString(seconds));
      headers.put(
          "webhook-signature",
          Signature.of(delivery.secret(), delivery.messageId(), seconds, delivery.body()));
      int status = messenger.post(url, destination.address(url), headers, delivery.body());
      return status < FIRST_REFUSAL
          ? new Attempt(Result.DELIVERED, "")
          : new Attempt(Result.REFUSED, "it answered " + status);
    } catch (UnknownHostException | ConnectException | NoRouteToHostException e) {
      return new Attempt(Result.UNREACHABLE, e.toString());
    } catch (SocketTimeoutException e) {
      return new Attempt(
          Result.REFUSED, "it did not answer within " + patience.answer().toSeconds() + " s");
    } catch (IOException | IllegalArgumentException e) {
      return new Attempt(Result.REFUSED, String.valueOf(e.getMessage()));
    }
  }
}
