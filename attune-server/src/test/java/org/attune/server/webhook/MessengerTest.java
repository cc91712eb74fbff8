package org.attune.server.webhook;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MessengerTest {

  private ServerSocket receiver;

  @BeforeEach
  void listen() throws IOException {
    receiver = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    receiver.close();
  }

  /** Answers one connection with a text, again and again. */
  private void answer(String text) {
    Thread thread =
        new Thread(
            () -> {
              try (Socket socket = receiver.accept()) {
                while (true) {
                  socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                  Thread.sleep(text.length() == 1 ? 50 : 0);
                }
              } catch (IOException | InterruptedException e) {
                // the other side has heard enough
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void assertFails(String scheme, String words) {
    URI url = URI.create(scheme + "://127.0.0.1:" + receiver.getLocalPort() + "/");
    assertThatThrownBy(
            () ->
                new Messenger(Duration.ofMillis(500))
                    .post(url, InetAddress.getLoopbackAddress(), Map.of(), "{}"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(words);
  }

  @Test
  void a_receiver_that_answers_a_byte_now_and_then_is_not_waited_for() {
    answer("H");
    assertFails("http", "does not answer");
  }

  @Test
  void a_line_without_an_end_is_not_read_to_its_end() {
    answer("x".repeat(10_000));
    assertFails("http", "not answer as HTTP does");
  }

  @Test
  void what_is_no_http_is_told() {
    answer("220 mail.example.org ESMTP\n");
    assertFails("http", "not answer as HTTP does");
  }

  @Test
  void no_other_scheme_is_spoken() {
    assertFails("ftp", "neither http nor https");
  }
}
