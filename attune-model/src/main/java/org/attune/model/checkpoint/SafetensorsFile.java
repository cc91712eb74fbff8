package org.attune.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An open safetensors file of any size. Tensors are memory-mapped one by one as they are asked for;
 * a mapping stays valid after closing, until its buffer is collected.
 */
public final class SafetensorsFile implements AutoCloseable {
  /** A multiple of every element's size. */
  private static final long CHUNK_BYTES = 1L << 30;

  private final Path file;
  private final FileChannel channel;
  private final SafetensorsHeader header;

  private SafetensorsFile(Path file, FileChannel channel, SafetensorsHeader header) {
    this.file = file;
    this.channel = channel;
    this.header = header;
  }

  /**
   * Opens a file and checks its header against its length.
   *
   * @throws CheckpointException if the file is missing, truncated or damaged
   */
  public static SafetensorsFile open(Path file) {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        return new SafetensorsFile(file, channel, SafetensorsHeader.read(file, channel));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new CheckpointException(
          "%s does not exist. Copy it from where the model came from.".formatted(file), e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  public Path path() {
    return file;
  }

  /** The names of the tensors, in the order of their data. */
  public Set<String> names() {
    return Collections.unmodifiableSet(header.entries().keySet());
  }

  /** The free-form strings of the header. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  public TensorInfo info(String name) {
    return entry(name).info();
  }

  /**
   * The bytes of a tensor, little-endian and read-only.
   *
   * @throws CheckpointException if there is no such tensor, or it is of 2 GiB or more; {@link
   *     #forEachChunk} reads those
   */
  public ByteBuffer data(String name) {
    SafetensorsHeader.Entry entry = entry(name);
    if (entry.info().bytes() > Integer.MAX_VALUE) {
      throw new CheckpointException(
          "%s: tensor %s has %d bytes, more than one buffer holds (%d). Read it in chunks."
              .formatted(file, name, entry.info().bytes(), Integer.MAX_VALUE));
    }
    return map(entry.position(), entry.info().bytes());
  }

  /** The bytes of a tensor of any size, in order, in little-endian chunks of whole elements. */
  public void forEachChunk(String name, Consumer<ByteBuffer> consumer) {
    SafetensorsHeader.Entry entry = entry(name);
    for (long at = entry.position(); at < entry.end(); at += CHUNK_BYTES) {
      consumer.accept(map(at, Math.min(CHUNK_BYTES, entry.end() - at)));
    }
  }

  /**
   * Puts the elements of a floating-point tensor into {@code target}, converted if need be.
   *
   * @throws CheckpointException if the tensor is of another type, or {@code target} has no room for
   *     exactly its elements
   */
  public void readFloats(String name, FloatBuffer target) {
    TensorInfo info = info(name);
    if (info.elements() != target.remaining()) {
      throw new CheckpointException(
          "%s: tensor %s has %d elements %s, but %d are expected."
              .formatted(file, name, info.elements(), info.shape(), target.remaining()));
    }
    switch (info.type()) {
      case F32 -> forEachChunk(name, chunk -> target.put(chunk.asFloatBuffer()));
      case F64 ->
          forEachChunk(
              name,
              chunk -> {
                while (chunk.hasRemaining()) {
                  target.put((float) chunk.getDouble());
                }
              });
      case BF16 ->
          forEachChunk(
              name,
              chunk -> {
                for (ShortBuffer bits = chunk.asShortBuffer(); bits.hasRemaining(); ) {
                  target.put(HalfPrecision.fromBfloat16(bits.get()));
                }
              });
      case F16 ->
          forEachChunk(
              name,
              chunk -> {
                for (ShortBuffer bits = chunk.asShortBuffer(); bits.hasRemaining(); ) {
                  target.put(HalfPrecision.fromHalf(bits.get()));
                }
              });
      default ->
          throw new CheckpointException(
              "%s: tensor %s is %s, but weights must be F32, F16, BF16 or F64."
                  .formatted(file, name, info.type()));
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private SafetensorsHeader.Entry entry(String name) {
    SafetensorsHeader.Entry entry = header.entries().get(name);
    if (entry == null) {
      throw new CheckpointException(
          "%s has no tensor %s; it has %s."
              .formatted(file, name, NameList.of(header.entries().keySet())));
    }
    return entry;
  }

  private ByteBuffer map(long position, long length) {
    try {
      return channel
          .map(FileChannel.MapMode.READ_ONLY, position, length)
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (ClosedChannelException e) {
      throw new IllegalStateException(file + " has been closed", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static CheckpointException unreadable(Path file, IOException e) {
    return new CheckpointException(
        "%s cannot be read: %s.".formatted(file, DurableFile.reason(e)), e);
  }
}
