package org.attune.feedback.store;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.jspecify.annotations.Nullable;

/** Replays a log into a dataset. */
final class LogReader {

  private static final int NEWLINE = '\n';

  private final Path file;
  private final FeedbackDataset dataset;
  private final ChangeFormat format;
  private long lineNumber;
  private long lastSequence;

  private LogReader(Path file, FeedbackDataset dataset) {
    this.file = file;
    this.dataset = dataset;
    this.format = new ChangeFormat(dataset.settings());
  }

  /**
   * Where a log ends.
   *
   * @param lastSequence the sequence number of the last whole line, 0 if there is none
   * @param length the bytes up to the end of that line; what follows was never acknowledged
   */
  record End(long lastSequence, long length) {}

  /**
   * Replays every whole line. A last line without a line end was cut off by a crash and is ignored.
   */
  static End replay(Path file, FeedbackDataset dataset) {
    LogReader reader = new LogReader(file, dataset);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return reader.replay(in);
    } catch (IOException e) {
      throw new FeedbackStoreException(file + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private End replay(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long length = 0;
    int next;
    while ((next = in.read()) >= 0) {
      if (next == NEWLINE) {
        lineNumber++;
        apply(line.toByteArray());
        length += line.size() + 1L;
        line.reset();
      } else {
        line.write(next);
      }
    }
    return new End(lastSequence, length);
  }

  private void apply(byte[] line) {
    Map<String, @Nullable Object> keys;
    try {
      keys = ChangeFormat.parse(line);
    } catch (IOException e) {
      throw damaged("is not valid JSON", e);
    }
    if (!(keys.get("seq") instanceof Number number)) {
      throw damaged("has no \"seq\"", null);
    }
    long sequence = number.longValue();
    if (lineNumber > 1 && sequence != lastSequence + 1) {
      throw damaged(
          "has \"seq\":" + sequence + " where " + (lastSequence + 1) + " must follow", null);
    }
    try {
      format.read(keys).ifPresent(change -> dataset.apply(List.of(change)));
    } catch (InvalidFeedbackException e) {
      throw damaged("breaks the rules of dataset.json; " + e.getMessage(), e);
    }
    lastSequence = sequence;
  }

  private FeedbackStoreException damaged(String what, @Nullable Throwable cause) {
    return new FeedbackStoreException(
        "%s line %d %s. Restore the file from a copy; to go on without this line, put {\"seq\":%d,\"op\":\"removed\"} in its place."
            .formatted(file, lineNumber, what, lastSequence + 1),
        cause);
  }
}
