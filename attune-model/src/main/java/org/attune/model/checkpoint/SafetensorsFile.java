package org.attune.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An open safetensors file of any size. Tensors are read one by one as they are asked for; what
 * {@link #data} maps stays valid after closing, until its buffer is collected.
 */
public final class SafetensorsFile implements WeightFile {
  private final Path file;
  private final StoredElements elements;
  private final SafetensorsHeader header;

  private SafetensorsFile(Path file, FileChannel channel, SafetensorsHeader header) {
    this.file = file;
    elements = new StoredElements(file, channel);
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
      throw StoredElements.unreadable(file, e);
    }
  }

  @Override
  public Path path() {
    return file;
  }

  /** The names of the tensors, in the order of their data. */
  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(header.entries().keySet());
  }

  /** The free-form strings of the header. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  @Override
  public TensorInfo info(String name) {
    return entry(name).info();
  }

  /**
   * The bytes of a tensor, little-endian and read-only.
   *
   * @throws CheckpointException if there is no such tensor, or it is of 2 GiB or more; {@link
   *     #forEachChunk} reads those
   */
  @Override
  public ByteBuffer data(String name) {
    SafetensorsHeader.Entry entry = entry(name);
    if (entry.info().bytes() > Integer.MAX_VALUE) {
      throw new CheckpointException(
          "%s: tensor %s has %d bytes, more than one buffer holds (%d). Read it in chunks."
              .formatted(file, name, entry.info().bytes(), Integer.MAX_VALUE));
    }
    return elements.map(entry.position(), entry.info().bytes());
  }

  @Override
  public void forEachChunk(String name, Consumer<ByteBuffer> consumer) {
    SafetensorsHeader.Entry entry = entry(name);
    elements.forEachChunk(entry.position(), entry.info().bytes(), consumer);
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
    readFloats(name, 0, target);
  }

  @Override
  public void readFloats(String name, long first, FloatBuffer target) {
    SafetensorsHeader.Entry entry = entry(name);
    TensorInfo info = entry.info();
    info.requireFloats(file, name, first, target.remaining());
    elements.readFloats(info.type(), entry.position() + first * info.type().bytes(), target);
  }

  @Override
  public void close() {
    elements.close();
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
}
