package org.attune.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.attune.server.json.Json;
import org.jspecify.annotations.Nullable;

/** A program that webhooks send to. It accepts everything unless it is told otherwise. */
public final class Receiver implements AutoCloseable {

  private final BlockingQueue<Message> accepted = new LinkedBlockingQueue<>();
  private final BlockingQueue<Message> refused = new LinkedBlockingQueue<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final CountDownLatch silence = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private volatile boolean silent;

  public Receiver() throws IOException {
    this(0);
  }

  /** A receiver on the port of one that is gone. */
  public Receiver(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/hook", this::receive);
    server.start();
  }

  /** What arrived, with the headers that Standard Webhooks asks for. */
  public record Message(String id, String timestamp, String signature, String body) {

    public Map<String, @Nullable Object> json() {
      return Json.object(body);
    }

    public String type() {
      return String.valueOf(json().get("type"));
    }

    @SuppressWarnings("unchecked")
    public Map<String, @Nullable Object> data() {
      return (Map<String, @Nullable Object>) Objects.requireNonNull(json().get("data"));
    }
  }

  private void receive(HttpExchange exchange) throws IOException {
    Message message =
        new Message(
            exchange.getRequestHeaders().getFirst("webhook-id"),
            exchange.getRequestHeaders().getFirst("webhook-timestamp"),
            exchange.getRequestHeaders().getFirst("webhook-signature"),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    boolean isRefused = refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    (isRefused || silent ? refused : accepted).add(message);
    if (silent) {
      try {
        silence.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    exchange.sendResponseHeaders(isRefused ? 500 : 204, -1);
    exchange.close();
  }

  public String url() {
    return "http://127.0.0.1:" + port() + "/hook";
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Answers the next messages with 500. */
  public void refuse(int count) {
    refusals.set(count);
  }

  /** Answers nothing any more. */
  public void fallSilent() {
    silent = true;
  }

  /** The next message that was accepted. */
  public Message next() throws InterruptedException {
    Message message = accepted.poll(20, TimeUnit.SECONDS);
    assertThat(message).as("an event within 20 s").isNotNull();
    return message;
  }

  /** The next message that was refused, or got no answer. */
  public Message nextRefused() throws InterruptedException {
    Message message = refused.poll(20, TimeUnit.SECONDS);
    assertThat(message).as("an event within 20 s").isNotNull();
    return message;
  }

  /** The types of the next messages. */
  public List<String> types(int count) throws InterruptedException {
    List<String> types = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      types.add(next().type());
    }
    return types;
  }

  /** Whether nothing arrived that nobody asked for, and nothing does within a second. */
  public boolean isQuiet() throws InterruptedException {
    return accepted.poll(1, TimeUnit.SECONDS) == null;
  }

  @Override
  public void close() {
    silence.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
