package org.attune.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Writes tensors as transformers reads them: {@code model.safetensors}, or shards and an index when
 * one file would be too large. Elements are fetched when their turn comes, so that not all tensors
 * need to be in memory at once. Each file appears whole or not at all.
 */
public final class SafetensorsWriter {
  public static final long DEFAULT_MAX_SHARD_BYTES = 5_000_000_000L;

  static final String SINGLE_FILE = "model.safetensors";
  static final String INDEX_FILE = "model.safetensors.index.json";

  private static final int ALIGNMENT = 8;
  private static final int CONVERSION_BYTES = 1 << 20;

  private final Map<String, Pending> tensors = new LinkedHashMap<>();

  /** Gives the elements of a tensor as little-endian bytes, in order, in any number of chunks. */
  @FunctionalInterface
  public interface TensorBytes {
    void forEachChunk(Consumer<ByteBuffer> consumer);
  }

  /** Gives the elements of a tensor in order, in any number of pieces. */
  @FunctionalInterface
  public interface TensorFloats {
    void forEachPiece(Consumer<FloatBuffer> consumer);
  }

  private record Pending(String name, TensorInfo info, TensorBytes content) {}

  /**
   * Adds a tensor.
   *
   * @throws IllegalArgumentException if there is one of that name
   */
  public SafetensorsWriter add(String name, TensorInfo info, TensorBytes content) {
    if (name.equals(SafetensorsHeader.METADATA)
        || tensors.putIfAbsent(name, new Pending(name, info, content)) != null) {
      throw new IllegalArgumentException("A tensor named %s is there already.".formatted(name));
    }
    return this;
  }

  /**
   * Adds a tensor of type F32.
   *
   * @throws IllegalArgumentException if there is one of that name
   */
  public SafetensorsWriter addFloats(
      String name, List<Long> shape, Supplier<FloatBuffer> elements) {
    return addFloats(
        name, StoredType.F32, shape, consumer -> consumer.accept(elements.get().duplicate()));
  }

  /**
   * Adds a tensor whose elements are rounded to a type.
   *
   * @param type F32, F16 or BF16
   * @throws IllegalArgumentException if there is one of that name
   */
  public SafetensorsWriter addFloats(
      String name, StoredType type, List<Long> shape, TensorFloats elements) {
    return add(
        name,
        new TensorInfo(type, shape),
        consumer -> elements.forEachPiece(piece -> littleEndian(name, type, piece, consumer)));
  }

  /**
   * Writes all tensors into one file.
   *
   * @throws CheckpointException if it cannot be written, or a tensor gives another number of bytes
   *     than its shape needs
   */
  public void writeFile(Path file) {
    write(file, List.copyOf(tensors.values()));
  }

  /** Writes all tensors into a directory, with shards of {@link #DEFAULT_MAX_SHARD_BYTES}. */
  public void writeDirectory(Path directory) {
    writeDirectory(directory, DEFAULT_MAX_SHARD_BYTES);
  }

  /**
   * Writes all tensors into an existing directory.
   *
   * @param maxShardBytes more than this goes into several files; a larger tensor gets its own
   * @throws CheckpointException as {@link #writeFile}
   */
  public void writeDirectory(Path directory, long maxShardBytes) {
    List<List<Pending>> shards = shards(maxShardBytes);
    if (shards.size() == 1) {
      write(directory.resolve(SINGLE_FILE), shards.get(0));
      return;
    }
    Map<String, String> weightMap = new TreeMap<>();
    long totalBytes = 0;
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      write(directory.resolve(name), shards.get(i));
      for (Pending tensor : shards.get(i)) {
        weightMap.put(tensor.name(), name);
        totalBytes += tensor.info().bytes();
      }
    }
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    index.putObject("metadata").put("total_size", totalBytes);
    ObjectNode map = index.putObject("weight_map");
    weightMap.forEach(map::put);
    // last, so that an index never names a shard that is not there
    DurableFile.write(
        directory.resolve(INDEX_FILE),
        (index.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private List<List<Pending>> shards(long maxShardBytes) {
    List<List<Pending>> shards = new ArrayList<>();
    List<Pending> shard = new ArrayList<>();
    long bytes = 0;
    for (Pending tensor : tensors.values()) {
      if (!shard.isEmpty() && bytes + tensor.info().bytes() > maxShardBytes) {
        shards.add(shard);
        shard = new ArrayList<>();
        bytes = 0;
      }
      shard.add(tensor);
      bytes += tensor.info().bytes();
    }
    shards.add(shard);
    return shards;
  }

  private static void write(Path file, List<Pending> tensors) {
    // the reference's order: wide elements first, so that all data is aligned
    List<Pending> ordered = new ArrayList<>(tensors);
    ordered.sort(
        Comparator.comparing((Pending tensor) -> tensor.info().type())
            .thenComparing(Pending::name));
    byte[] header = header(ordered);
    DurableFile.write(
        file,
        channel -> {
          ByteBuffer head =
              ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
          writeFully(channel, head.putLong(header.length).put(header).flip());
          for (Pending tensor : ordered) {
            writeContent(file, channel, tensor);
          }
        });
  }

  private static void writeContent(Path file, FileChannel channel, Pending tensor)
      throws IOException {
    long start = channel.position();
    try {
      tensor.content().forEachChunk(chunk -> writeFullyUnchecked(channel, chunk));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    long written = channel.position() - start;
    if (written != tensor.info().bytes()) {
      throw new CheckpointException(
          "%s: tensor %s gave %d bytes, but %s %s takes %d. The file is left as it was."
              .formatted(
                  file,
                  tensor.name(),
                  written,
                  tensor.info().type(),
                  tensor.info().shape(),
                  tensor.info().bytes()));
    }
  }

  private static byte[] header(List<Pending> tensors) {
    ObjectNode header = JsonNodeFactory.instance.objectNode();
    // transformers refuses files whose framework is not named
    header.putObject(SafetensorsHeader.METADATA).put("format", "pt");
    long position = 0;
    for (Pending tensor : tensors) {
      ObjectNode entry = header.putObject(tensor.name());
      entry.put("dtype", tensor.info().type().name());
      tensor.info().shape().forEach(entry.putArray("shape")::add);
      long end = position + tensor.info().bytes();
      entry.putArray("data_offsets").add(position).add(end);
      position = end;
    }
    byte[] json = json(header);
    byte[] padded = new byte[(json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT];
    System.arraycopy(json, 0, padded, 0, json.length);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static byte[] json(JsonNode node) {
    try {
      return new JsonMapper().writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes is always writable", e);
    }
  }

  private static void littleEndian(
      String name, StoredType type, FloatBuffer elements, Consumer<ByteBuffer> consumer) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(CONVERSION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (elements.hasRemaining()) {
      int count = Math.min(elements.remaining(), CONVERSION_BYTES / Float.BYTES);
      FloatBuffer some = elements.slice(elements.position(), count);
      bytes.clear();
      switch (type) {
        case F32 -> bytes.asFloatBuffer().put(some);
        case BF16 -> {
          for (ShortBuffer bits = bytes.asShortBuffer(); some.hasRemaining(); ) {
            bits.put(FloatElements.toBrainFloat(some.get()));
          }
        }
        case F16 -> {
          for (ShortBuffer bits = bytes.asShortBuffer(); some.hasRemaining(); ) {
            bits.put(half(name, some.get()));
          }
        }
        default -> throw new IllegalArgumentException("Weights cannot be saved as " + type + ".");
      }
      elements.position(elements.position() + count);
      consumer.accept(bytes.limit(count * type.bytes()));
    }
  }

  /** A finite weight that became infinite would make every output NaN, and nobody would know. */
  private static short half(String name, float value) {
    short half = FloatElements.toHalf(value);
    if ((half & 0x7fff) == 0x7c00 && Float.isFinite(value)) {
      throw new CheckpointException(
          "Tensor %s has the value %s, but F16 holds nothing beyond 65504. Save as BF16 or F32."
              .formatted(name, value));
    }
    return half;
  }

  private static void writeFullyUnchecked(FileChannel channel, ByteBuffer bytes) {
    try {
      writeFully(channel, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
