package org.attune.data.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * One file's content on its way into the cache.
 *
 * <p>It grows as {@code HASH.incomplete}. A connection that ends early is opened again for the
 * rest, by this process or, after a crash, by the next one. Only what has the right hash gets its
 * name.
 */
final class BlobDownload {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int PARTIAL = 206;
  private static final int NOT_IN_FILE = 416;

  private final HubConnection connection;
  private final Duration stall;
  private final int retries;
  private final String what;
  private final URI address;
  private final BlobHash hash;
  private final long size;
  private final Path blob;
  private final Path incomplete;

  /**
   * @param what is downloaded, for error messages
   * @param size the number of bytes, or -1 if the hub does not say
   */
  BlobDownload(
      HubConnection connection,
      HubSettings settings,
      String what,
      URI address,
      BlobHash hash,
      long size,
      Path blob) {
    this.connection = connection;
    stall = settings.stall();
    retries = settings.retries();
    this.what = what;
    this.address = address;
    this.hash = hash;
    this.size = size;
    this.blob = blob;
    incomplete = blob.resolveSibling(blob.getFileName() + ".incomplete");
  }

  /** Brings the content into the cache, unless it is there. Call under the blob's lock. */
  void run() throws IOException {
    if (Files.exists(blob)) {
      return;
    }
    boolean continued = present() > 0;
    fetch();
    if (!hash.matches(incomplete)) {
      Files.delete(incomplete);
      if (!continued) {
        throw damaged();
      }
      // what an earlier process left was of another content, or torn by a crash
      fetch();
      if (!hash.matches(incomplete)) {
        Files.delete(incomplete);
        throw damaged();
      }
    }
    try (FileChannel channel = FileChannel.open(incomplete, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(incomplete, blob, StandardCopyOption.ATOMIC_MOVE);
  }

  private void fetch() throws IOException {
    int failures = 0;
    while (true) {
      long before = present();
      if (size >= 0 && before > size) {
        Files.delete(incomplete);
        continue;
      }
      if (size > 0 && before == size) {
        return;
      }
      try {
        receive(before);
        long now = present();
        if (size < 0 || now == size) {
          return;
        }
        throw new ConnectionLostException(
            new IOException("the connection ended after %,d of %,d bytes".formatted(now, size)));
      } catch (ConnectionLostException e) {
        failures = present() > before ? 0 : failures + 1;
        if (failures > retries) {
          throw connection.unreachable(address, e.cause);
        }
        connection.pause(connection.pause(failures));
      }
    }
  }

  /** A failure of the network, as opposed to one of the disk, which trying again does not mend. */
  private static final class ConnectionLostException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient IOException cause;

    ConnectionLostException(IOException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  private void receive(long from) throws IOException, ConnectionLostException {
    HubConnection.Question question = HubConnection.Question.get();
    HttpResponse<InputStream> answer =
        connection.ask(
            address, from > 0 ? question.with("Range", "bytes=" + from + "-") : question);
    int status = answer.statusCode();
    if (status == NOT_IN_FILE && from > 0) {
      answer.body().close();
      Files.delete(incomplete);
      throw new ConnectionLostException(
          new IOException("the hub has no bytes from %,d on".formatted(from)));
    }
    if (status != 200 && status != PARTIAL) {
      throw Refusal.of(answer, what, connection);
    }
    boolean continues = status == PARTIAL && from > 0;
    if (continues && !startsAt(answer, from)) {
      answer.body().close();
      Files.delete(incomplete);
      throw new ConnectionLostException(
          new IOException("the hub sent other bytes than those from %,d on".formatted(from)));
    }
    try (InputStream body = answer.body();
        FileChannel file =
            FileChannel.open(incomplete, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.truncate(continues ? from : 0);
      file.position(continues ? from : 0);
      copy(body, file);
    }
  }

  private static boolean startsAt(HttpResponse<?> answer, long from) {
    return answer
        .headers()
        .firstValue("Content-Range")
        .filter(range -> range.startsWith("bytes " + from + "-"))
        .isPresent();
  }

  private void copy(InputStream body, FileChannel file)
      throws IOException, ConnectionLostException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (StallGuard guard = StallGuard.over(body, stall)) {
      while (true) {
        int read;
        try {
          read = body.read(buffer);
        } catch (IOException e) {
          throw new ConnectionLostException(guard.fired() ? guard.failure() : e);
        }
        if (guard.fired()) {
          throw new ConnectionLostException(guard.failure());
        }
        if (read < 0) {
          return;
        }
        guard.progressed();
        if (size >= 0 && file.position() + read > size) {
          throw tooLong();
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
      }
    }
  }

  private long present() throws IOException {
    return Files.exists(incomplete) ? Files.size(incomplete) : 0;
  }

  private HubException tooLong() {
    return new HubException(
        HubException.Reason.DAMAGED,
        "%s: the hub sends more than the %,d bytes that it announced. Ask again; if it stays so, tell the hub."
            .formatted(what, size));
  }

  private HubException damaged() {
    return new HubException(
        HubException.Reason.DAMAGED,
        "%s: what arrived does not have the hash %s that the hub announced, and was deleted. Ask again; if it stays so, do not trust the source."
            .formatted(what, hash.name()));
  }
}
