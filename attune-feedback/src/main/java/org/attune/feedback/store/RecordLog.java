package org.attune.feedback.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;

/** Appends whole lines to a file: all lines of a batch are on disk when the append returns. */
final class RecordLog implements Closeable {

  /*
   * RandomAccessFile and not FileChannel: a channel closes itself when its thread is interrupted,
   * and one interrupted request must not take the store down.
   */

  private final Path path;
  private final RandomAccessFile file;
  private long length;
  private boolean broken;

  private RecordLog(Path path, RandomAccessFile file, long length) {
    this.path = path;
    this.file = file;
    this.length = length;
  }

  /** Opens a log and cuts off what follows its last whole line. */
  static RecordLog open(Path path, long length) {
    try {
      RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
      if (file.length() > length) {
        file.setLength(length);
        file.getFD().sync();
      }
      file.seek(length);
      return new RecordLog(path, file, length);
    } catch (IOException e) {
      throw new FeedbackStoreException(
          path + " cannot be opened for writing: " + e.getMessage() + ".", e);
    }
  }

  void append(List<byte[]> lines) {
    if (broken) {
      throw new FeedbackStoreException(
          path
              + " could not be repaired after a failed write and takes no more. Free disk space, close"
              + " the store and open it again; all that was acknowledged is in the file.");
    }
    byte[] batch = joined(lines);
    try {
      file.write(batch);
      file.getFD().sync();
      length += batch.length;
    } catch (IOException e) {
      takeBack(e);
      throw new FeedbackStoreException(
          "%s: %d changes (%d bytes) were not stored: %s. Nothing of them was kept; free disk space and send them again."
              .formatted(path, lines.size(), batch.length, e.getMessage()),
          e);
    }
  }

  private void takeBack(IOException failure) {
    try {
      file.setLength(length);
      file.seek(length);
      file.getFD().sync();
    } catch (IOException e) {
      failure.addSuppressed(e);
      broken = true;
    }
  }

  private static byte[] joined(List<byte[]> lines) {
    byte[] batch = new byte[lines.stream().mapToInt(line -> line.length + 1).sum()];
    int position = 0;
    for (byte[] line : lines) {
      System.arraycopy(line, 0, batch, position, line.length);
      position += line.length;
      batch[position++] = '\n';
    }
    return batch;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
