package org.attune.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads elements that lie one behind another in a file.
 *
 * <p>They pass through one small buffer instead of a mapping: mapped pages stay in the process's
 * memory until the garbage collector finds the buffer, so that loading would need the model twice.
 */
final class StoredElements {
  /** A multiple of every element's size; fits the cache of a core. */
  private static final int CHUNK_BYTES = 1 << 18;

  private final Path file;
  private final FileChannel channel;
  // what is read piece by piece goes through one buffer: only the collector frees such
  private @Nullable ByteBuffer floats;

  StoredElements(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** The bytes from {@code position} on, in little-endian chunks that are valid during the call. */
  void forEachChunk(long position, long bytes, Consumer<ByteBuffer> consumer) {
    forEachChunk(
        ByteBuffer.allocateDirect((int) Math.min(bytes, CHUNK_BYTES)), position, bytes, consumer);
  }

  private void forEachChunk(
      ByteBuffer chunk, long position, long bytes, Consumer<ByteBuffer> consumer) {
    for (long at = position; at < position + bytes; at += chunk.limit()) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), position + bytes - at));
      fill(chunk, at);
      consumer.accept(chunk.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }
  }

  /** As many elements from {@code position} on as {@code target} has room for, as floats. */
  synchronized void readFloats(StoredType type, long position, FloatBuffer target) {
    long bytes = (long) target.remaining() * type.bytes();
    if (floats == null || floats.capacity() < Math.min(bytes, CHUNK_BYTES)) {
      floats = ByteBuffer.allocateDirect((int) Math.min(bytes, CHUNK_BYTES));
    }
    forEachChunk(floats, position, bytes, chunk -> FloatElements.put(type, chunk, target));
  }

  /** Maps bytes; the mapping stays valid after the file is closed. */
  ByteBuffer map(long position, long length) {
    try {
      return channel
          .map(FileChannel.MapMode.READ_ONLY, position, length)
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (ClosedChannelException e) {
      throw closed(e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static CheckpointException unreadable(Path file, IOException e) {
    return new CheckpointException(
        "%s cannot be read: %s.".formatted(file, DurableFile.reason(e)), e);
  }

  private void fill(ByteBuffer chunk, long position) {
    try {
      while (chunk.hasRemaining()) {
        if (channel.read(chunk, position + chunk.position()) < 0) {
          throw new IOException("the file became shorter while it was read");
        }
      }
    } catch (ClosedChannelException e) {
      throw closed(e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private IllegalStateException closed(ClosedChannelException e) {
    return new IllegalStateException(file + " has been closed", e);
  }
}
