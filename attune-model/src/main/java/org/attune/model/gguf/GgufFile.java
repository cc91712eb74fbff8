package org.attune.model.gguf;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import org.attune.model.checkpoint.CheckpointException;

/**
 * An open GGUF file of any size. Rows are read as they are asked for, through one small buffer: a
 * mapping of the file would count as memory of the process beside the weights that it becomes.
 */
public final class GgufFile implements AutoCloseable {
  /** About so many bytes are read at once. */
  private static final int READ_BYTES = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final GgufHeader header;

  private GgufFile(Path path, FileChannel channel, GgufHeader header) {
    this.path = path;
    this.channel = channel;
    this.header = header;
  }

  /** Takes the numbers of rows as they are read. */
  @FunctionalInterface
  public interface Rows {
    /**
     * Takes one row.
     *
     * @param row the number of the row
     * @param values its numbers; overwritten with the next row
     */
    void row(long row, float[] values);
  }

  /** Whether a path is named as a GGUF file. */
  public static boolean isNamed(Path path) {
    return path.toString().toLowerCase(Locale.ROOT).endsWith(".gguf");
  }

  /**
   * Opens a file and checks its head against its length.
   *
   * @throws CheckpointException if the file is missing, truncated or damaged, or of a type or
   *     version that is not known
   */
  public static GgufFile open(Path path) {
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        return new GgufFile(path, channel, GgufHeader.read(channel));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (DamagedGgufException e) {
      throw new CheckpointException(
          "%s is no complete GGUF file: %s. Copy or write the file again."
              .formatted(path, e.getMessage()),
          e);
    } catch (NoSuchFileException e) {
      throw new CheckpointException(
          "%s does not exist. Give the path of a GGUF file.".formatted(path), e);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  public Path path() {
    return path;
  }

  /**
   * The values of the head: every whole number as Long, every other as Double, then Boolean,
   * String, and List of these.
   */
  public Map<String, Object> metadata() {
    return header.metadata();
  }

  /** The tensors by name, in the order of the head. */
  public Map<String, GgufTensor> tensors() {
    return header.tensors();
  }

  /**
   * The tensor of that name.
   *
   * @throws CheckpointException if there is none
   */
  public GgufTensor tensor(String name) {
    GgufTensor tensor = header.tensors().get(name);
    if (tensor == null) {
      throw new CheckpointException(
          "%s has no tensor %s. Convert the model again.".formatted(path, name));
    }
    return tensor;
  }

  /**
   * Reads rows of a tensor as float32.
   *
   * @throws CheckpointException if the file cannot be read
   */
  public void readRows(GgufTensor tensor, long firstRow, long rows, Rows target) {
    int columns = Math.toIntExact(tensor.columns());
    int rowBytes = Math.toIntExact(tensor.rowBytes());
    int rowsAtOnce = Math.max(1, READ_BYTES / rowBytes);
    ByteBuffer bytes =
        ByteBuffer.allocate((int) Math.min(rows, rowsAtOnce) * rowBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[columns];
    for (long row = firstRow; row < firstRow + rows; row += rowsAtOnce) {
      int count = (int) Math.min(rowsAtOnce, firstRow + rows - row);
      read(tensor.position() + row * rowBytes, bytes.clear().limit(count * rowBytes));
      for (int i = 0; i < count; i++) {
        decode(tensor.type(), bytes, i * rowBytes, values);
        target.row(row + i, values);
      }
    }
  }

  private static void decode(GgufType type, ByteBuffer bytes, int at, float[] values) {
    BlockDecoder decoder = type.decoder();
    for (int to = 0; to < values.length; to += type.blockElements()) {
      decoder.decode(bytes, at, values, to);
      at += type.blockBytes();
    }
  }

  private void read(long position, ByteBuffer target) {
    try {
      while (target.hasRemaining()) {
        int read = channel.read(target, position + target.position());
        if (read < 0) {
          throw new EOFException("the file became shorter while it was read");
        }
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static CheckpointException unreadable(Path path, IOException e) {
    return new CheckpointException(
        "%s cannot be read: %s (%s).".formatted(path, e.getClass().getSimpleName(), e.getMessage()),
        e);
  }
}
