package org.attune.server.webhook;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

  /**
   * Sends an event and waits for the answer, its body too.
   *
   * @throws InterruptedException if the server is stopping; the event may have arrived
   */
  static Attempt send(
      HttpClient http, Delivery delivery, boolean privateAddresses, Patience patience, Clock clock)
      throws InterruptedException {
    long seconds = clock.instant().getEpochSecond();
    try {
      URI url = URI.create(delivery.url());
      if (!privateAddresses && !Destination.isPublic(url)) {
        return new Attempt(
            Result.REFUSED,
            "its address is in a private network, which ATTUNE_PRIVATE_WEBHOOKS=true allows");
      }
      HttpRequest request =
          HttpRequest.newBuilder(url)
              .timeout(patience.answer())
              .header("Content-Type", "application/json")
              .header("webhook-id", delivery.messageId())
              .header("webhook-timestamp", Long.toString(seconds))
              .header(
                  "webhook-signature",
                  Signature.of(delivery.secret(), delivery.messageId(), seconds, delivery.body()))
              .POST(HttpRequest.BodyPublishers.ofString(delivery.body()))
              .build();
      int status = status(http, request, patience);
      return status < FIRST_REFUSAL
          ? new Attempt(Result.DELIVERED, "")
          : new Attempt(Result.REFUSED, "it answered " + status);
    } catch (UnknownHostException | ConnectException | HttpConnectTimeoutException e) {
      return new Attempt(Result.UNREACHABLE, e.toString());
    } catch (TimeoutException e) {
      return new Attempt(
          Result.REFUSED, "it did not answer within " + patience.answer().toSeconds() + " s");
    } catch (IOException | IllegalArgumentException e) {
      return new Attempt(Result.REFUSED, e.toString());
    }
  }

  /** The status of the answer; a body that does not end is a late answer. */
  private static int status(HttpClient http, HttpRequest request, Patience patience)
      throws IOException, InterruptedException, TimeoutException {
    CompletableFuture<HttpResponse<Void>> answer =
        http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    try {
      return answer.get(patience.answer().toMillis(), TimeUnit.MILLISECONDS).statusCode();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }
}
