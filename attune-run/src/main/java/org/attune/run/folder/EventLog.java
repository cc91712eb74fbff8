package org.attune.run.folder;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The append-only file of a run's events, one line of JSON each.
 *
 * <p>A process that is killed can leave a torn last line: readers ignore it, and opening the log to
 * append cuts it off. One process at a time writes a log and holds {@code run.lock}; any number may
 * read meanwhile.
 */
public final class EventLog implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final FileChannel lock;
  private final Clock clock;
  private long lastSequence;

  private EventLog(
      Path file, FileChannel channel, FileChannel lock, Clock clock, long lastSequence) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
    this.clock = clock;
    this.lastSequence = lastSequence;
  }

  /** Opens {@code file} to append, and makes it if it is not there. */
  static EventLog open(Path file, Clock clock) {
    List<FileChannel> opened = new ArrayList<>();
    try {
      // A file of its own: reading the log in this process would release a lock on the log.
      FileChannel lock = openToWrite(file.resolveSibling("run.lock"));
      opened.add(lock);
      lock(lock, file);
      FileChannel channel = openToWrite(file);
      opened.add(channel);
      Lines lines = Lines.of(file);
      channel.truncate(lines.byteCount());
      channel.position(lines.byteCount());
      return new EventLog(file, channel, lock, clock, lines.lastSequence());
    } catch (IOException e) {
      opened.forEach(channel -> closeAfter(e, channel));
      throw unwritable(file, e);
    } catch (RunFolderException e) {
      opened.forEach(channel -> closeAfter(e, channel));
      throw e;
    }
  }

  private static FileChannel openToWrite(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static void lock(FileChannel channel, Path file) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new RunFolderException(
          file + " is being written by a running training. Wait for its end, or stop it.");
    }
  }

  private static void closeAfter(Exception failure, FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Appends {@code event}. It survives the end of the process; status, checkpoint and problem
   * events survive a power cut as well.
   *
   * @throws RunFolderException if the disk is full or the file cannot be written
   */
  public synchronized LoggedEvent append(Event event) {
    var logged = new LoggedEvent(lastSequence + 1, clock.instant(), event);
    byte[] line = (EventLines.write(logged) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      long start = channel.position();
      try {
        var bytes = ByteBuffer.wrap(line);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      } catch (IOException e) {
        channel.truncate(start);
        throw e;
      }
      if (!(event instanceof Event.Metrics) && !(event instanceof Event.Sample)) {
        channel.force(false);
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
    lastSequence++;
    return logged;
  }

  @Override
  public synchronized void close() {
    try (lock) {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All whole events of {@code file} in the order in which they were logged. */
  static List<LoggedEvent> read(Path file) {
    try {
      return Lines.of(file).events();
    } catch (IOException e) {
      throw new RunFolderException(file + " cannot be read (" + e.getMessage() + ").", e);
    }
  }

  /**
   * The metrics of each step. A resumed run logs steps after its checkpoint again; the last ones
   * count, and steps that it has not reached again are those of the run before.
   */
  public static Map<Integer, Map<String, Double>> metrics(List<LoggedEvent> events) {
    Map<Integer, Map<String, Double>> metrics = new TreeMap<>();
    for (LoggedEvent logged : events) {
      if (logged.event() instanceof Event.Metrics step) {
        metrics.computeIfAbsent(step.step(), s -> new TreeMap<>()).putAll(step.values());
      }
    }
    return metrics;
  }

  private static RunFolderException unwritable(Path file, IOException e) {
    return new RunFolderException(
        file
            + " cannot be written ("
            + e.getMessage()
            + "). Free some space or choose a run-dir that you may write to; then go on with"
            + " --resume.",
        e);
  }

  /** The whole lines of a log. */
  private record Lines(List<LoggedEvent> events, long byteCount) {

    long lastSequence() {
      return events.isEmpty() ? 0 : events.get(events.size() - 1).sequence();
    }

    static Lines of(Path file) throws IOException {
      byte[] bytes;
      try {
        bytes = Files.readAllBytes(file);
      } catch (NoSuchFileException e) {
        return new Lines(List.of(), 0);
      }
      List<LoggedEvent> events = new ArrayList<>();
      int start = 0;
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == '\n') {
          events.add(event(file, events.size() + 1, bytes, start, i));
          start = i + 1;
        }
      }
      return new Lines(events, start);
    }

    private static LoggedEvent event(Path file, int line, byte[] bytes, int start, int end) {
      String text = new String(bytes, start, end - start, StandardCharsets.UTF_8);
      try {
        return EventLines.read(text);
      } catch (JsonProcessingException | DateTimeException e) {
        throw new RunFolderException(
            file
                + " line "
                + line
                + " is not an event: "
                + text.substring(0, Math.min(80, text.length()))
                + ". Someone else changed the file; remove that line.",
            e);
      }
    }
  }
}
