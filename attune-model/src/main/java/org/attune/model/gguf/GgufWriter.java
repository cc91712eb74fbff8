package org.attune.model.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.DurableFile;

/**
 * Writes a GGUF file of version 3. Numbers are fetched row by row when their turn comes; the file
 * appears whole or not at all.
 */
public final class GgufWriter {
  private static final int VERSION = 3;

  /** About so many bytes are written at once. */
  private static final int WRITE_BYTES = 1 << 20;

  private final Map<String, byte[]> values = new LinkedHashMap<>();
  private final Map<String, Pending> tensors = new LinkedHashMap<>();

  /** Gives the rows of a tensor, in order. */
  @FunctionalInterface
  public interface RowSource {
    /**
     * Fills in one row.
     *
     * @param row its number
     * @param values takes its numbers
     */
    void fill(long row, float[] values);
  }

  private record Pending(GgufTensor info, RowSource rows) {
    long bytes() {
      return info.rows() * info.rowBytes();
    }
  }

  public GgufWriter text(String key, String value) {
    return put(key, GgufValues.STRING, bytes(value));
  }

  /** Adds an unsigned whole number of 32 bits. */
  public GgufWriter count(String key, int value) {
    return put(key, GgufValues.U32, filled(Integer.BYTES, bytes -> bytes.putInt(value)));
  }

  public GgufWriter number(String key, double value) {
    return put(key, GgufValues.F32, filled(Float.BYTES, bytes -> bytes.putFloat((float) value)));
  }

  public GgufWriter flag(String key, boolean value) {
    return put(key, GgufValues.BOOL, new byte[] {(byte) (value ? 1 : 0)});
  }

  public GgufWriter texts(String key, List<String> list) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(listHead(GgufValues.STRING, list.size()));
    list.forEach(text -> bytes.writeBytes(bytes(text)));
    return put(key, GgufValues.ARRAY, bytes.toByteArray());
  }

  public GgufWriter counts(String key, int[] list) {
    byte[] items = filled(list.length * Integer.BYTES, bytes -> bytes.asIntBuffer().put(list));
    return put(key, GgufValues.ARRAY, joined(listHead(GgufValues.I32, list.length), items));
  }

  public GgufWriter numbers(String key, float[] list) {
    byte[] items = filled(list.length * Float.BYTES, bytes -> bytes.asFloatBuffer().put(list));
    return put(key, GgufValues.ARRAY, joined(listHead(GgufValues.F32, list.length), items));
  }

  /**
   * Adds a tensor.
   *
   * @param shape with the length of a row last
   * @throws IllegalArgumentException if there is one of that name, or the type cannot hold it
   */
  public GgufWriter tensor(String name, GgufType type, List<Long> shape, RowSource rows) {
    GgufTensor info = new GgufTensor(name, type, shape, 0);
    if (!BlockEncoder.writes(type) || info.columns() % type.blockElements() != 0) {
      throw new IllegalArgumentException(
          "Tensor %s with rows of %d numbers cannot be written as %s."
              .formatted(name, info.columns(), type));
    }
    if (tensors.putIfAbsent(name, new Pending(info, rows)) != null) {
      throw new IllegalArgumentException("A tensor named %s is there already.".formatted(name));
    }
    return this;
  }

  /**
   * Writes the file.
   *
   * @throws CheckpointException if it cannot be written; an older file of that name is unharmed
   */
  public void write(Path file) {
    DurableFile.write(
        file,
        channel -> {
          writeFully(channel, ByteBuffer.wrap(head()));
          for (Pending tensor : tensors.values()) {
            pad(channel);
            write(channel, tensor);
          }
          pad(channel);
        });
  }

  private byte[] head() {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.writeBytes(
        filled(
            24,
            bytes ->
                bytes
                    .putInt(GgufHeader.MAGIC)
                    .putInt(VERSION)
                    .putLong(tensors.size())
                    .putLong(values.size())));
    values.values().forEach(head::writeBytes);
    long offset = 0;
    for (Pending tensor : tensors.values()) {
      head.writeBytes(entry(tensor.info(), offset));
      offset += aligned(tensor.bytes());
    }
    return head.toByteArray();
  }

  private static byte[] entry(GgufTensor tensor, long offset) {
    List<Long> shape = tensor.shape();
    byte[] place =
        filled(
            Integer.BYTES + Long.BYTES * shape.size() + Integer.BYTES + Long.BYTES,
            bytes -> {
              bytes.putInt(shape.size());
              for (int i = shape.size() - 1; i >= 0; i--) {
                bytes.putLong(shape.get(i));
              }
              bytes.putInt(tensor.type().id()).putLong(offset);
            });
    return joined(bytes(tensor.name()), place);
  }

  private static void write(FileChannel channel, Pending tensor) throws IOException {
    GgufTensor info = tensor.info();
    int rowBytes = Math.toIntExact(info.rowBytes());
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.max(rowBytes, WRITE_BYTES / rowBytes * rowBytes))
            .order(ByteOrder.LITTLE_ENDIAN);
    float[] row = new float[Math.toIntExact(info.columns())];
    for (long i = 0; i < info.rows(); i++) {
      if (bytes.remaining() < rowBytes) {
        writeFully(channel, bytes.flip());
        bytes.clear();
      }
      tensor.rows().fill(i, row);
      BlockEncoder.encode(info.type(), row, bytes);
    }
    writeFully(channel, bytes.flip());
  }

  private static void pad(FileChannel channel) throws IOException {
    long position = channel.position();
    writeFully(channel, ByteBuffer.allocate((int) (aligned(position) - position)));
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static long aligned(long position) {
    long alignment = GgufHeader.DEFAULT_ALIGNMENT;
    return (position + alignment - 1) / alignment * alignment;
  }

  private GgufWriter put(String key, int type, byte[] value) {
    byte[] entry = joined(bytes(key), filled(Integer.BYTES, bytes -> bytes.putInt(type)), value);
    if (values.putIfAbsent(key, entry) != null) {
      throw new IllegalArgumentException("The key %s has a value already.".formatted(key));
    }
    return this;
  }

  private static byte[] listHead(int type, int length) {
    return filled(Integer.BYTES + Long.BYTES, bytes -> bytes.putInt(type).putLong(length));
  }

  private static byte[] bytes(String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    return joined(filled(Long.BYTES, bytes -> bytes.putLong(utf8.length)), utf8);
  }

  /** Little-endian bytes. */
  private static byte[] filled(int length, Consumer<ByteBuffer> content) {
    byte[] bytes = new byte[length];
    content.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return bytes;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
