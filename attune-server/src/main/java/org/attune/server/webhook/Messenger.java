package org.attune.server.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Posts a message to one address and reads the status of the answer, and nothing else of it: no
 * body, however long, and no redirect. Java's own clients look a name up themselves, which lets it
 * lead somewhere else than where it was looked at.
 */
final class Messenger {

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5]\\d\\d)( .*)?");
  private static final int LONGEST_STATUS_LINE = 1_000;
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private final Duration patience;

  /**
   * Made to wait.
   *
   * @param patience for connecting, and once more for the answer
   */
  Messenger(Duration patience) {
    this.patience = patience;
  }

  /** The status that the receiver answers. */
  int post(URI url, InetAddress address, Map<String, String> headers, String body)
      throws IOException {
    boolean tls = "https".equals(url.getScheme());
    if (!tls && !"http".equals(url.getScheme())) {
      throw new IOException("it is neither http nor https");
    }
    int port = url.getPort() >= 0 ? url.getPort() : tls ? HTTPS : HTTP;
    try (Socket plain = new Socket()) {
      int millis = Math.toIntExact(patience.toMillis());
      connect(plain, new InetSocketAddress(address, port), millis);
      plain.setSoTimeout(millis);
      try (Socket socket = tls ? secured(plain, url.getHost(), port) : plain) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream().write(head(url, headers, content.length));
        socket.getOutputStream().write(content);
        socket.getOutputStream().flush();
        return status(socket);
      }
    } catch (SocketTimeoutException e) {
      throw (SocketTimeoutException)
          new SocketTimeoutException("it does not answer within " + patience.toMillis() + " ms")
              .initCause(e);
    }
  }

  /** A receiver that takes no connection is not there; one that took it may have the message. */
  private static void connect(Socket socket, InetSocketAddress address, int millis)
      throws IOException {
    try {
      socket.connect(address, millis);
    } catch (SocketTimeoutException e) {
      throw (ConnectException) new ConnectException("nobody connects").initCause(e);
    }
  }

  /** The connection with TLS, to a receiver whose certificate has the name in the address. */
  private static Socket secured(Socket plain, String host, int port) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static byte[] head(URI url, Map<String, String> headers, int length) {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    StringBuilder head = new StringBuilder("POST ").append(path);
    if (url.getRawQuery() != null) {
      head.append('?').append(url.getRawQuery());
    }
    head.append(" HTTP/1.1\r\nHost: ").append(url.getHost());
    if (url.getPort() >= 0) {
      head.append(':').append(url.getPort());
    }
    head.append("\r\nConnection: close\r\nContent-Length: ").append(length).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads the first line; a receiver that sends it a byte now and then is not waited for. */
  private int status(Socket socket) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (line.size() < LONGEST_STATUS_LINE) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new SocketTimeoutException();
      }
      socket.setSoTimeout(Math.toIntExact(left));
      int next = in.read();
      if (next < 0 || next == '\n') {
        break;
      }
      line.write(next);
    }
    String text = line.toString(StandardCharsets.US_ASCII).strip();
    Matcher matcher = STATUS.matcher(text);
    if (!matcher.matches()) {
      throw new IOException("it does not answer as HTTP does");
    }
    return Integer.parseInt(matcher.group(1));
  }
}
