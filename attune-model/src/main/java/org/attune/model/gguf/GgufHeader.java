package org.attune.model.gguf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The head of a GGUF file, version 2 or 3: typed values by key, then where each tensor is. */
record GgufHeader(Map<String, Object> metadata, Map<String, GgufTensor> tensors) {
  static final int MAGIC = 0x46554747; // "GGUF"
  static final String ALIGNMENT = "general.alignment";
  static final int DEFAULT_ALIGNMENT = 32;

  private static final int MAX_DIMENSIONS = 4;
  private static final long MAX_COLUMNS = 1 << 28;

  /** The least bytes of a key with its value, and of a tensor's entry. */
  private static final int LEAST_VALUE_BYTES = 8 + 4 + 1;

  private static final int LEAST_TENSOR_BYTES = 8 + 4 + 8 + 4 + 8;

  static GgufHeader read(FileChannel channel) throws IOException {
    GgufCursor cursor = new GgufCursor(channel);
    requireVersion(cursor);
    int tensorCount = cursor.count("its number of tensors", LEAST_TENSOR_BYTES);
    int keyCount = cursor.count("its number of keys", LEAST_VALUE_BYTES);
    Map<String, Object> metadata = GgufValues.read(cursor, keyCount);
    List<GgufTensor> entries = new ArrayList<>();
    for (int i = 0; i < tensorCount; i++) {
      entries.add(entry(cursor));
    }
    long alignment = alignment(metadata);
    long dataStart = (cursor.position() + alignment - 1) / alignment * alignment;
    Map<String, GgufTensor> tensors = new LinkedHashMap<>();
    for (GgufTensor entry : entries) {
      GgufTensor placed = placed(entry, dataStart, alignment, channel.size());
      if (tensors.putIfAbsent(placed.name(), placed) != null) {
        throw new DamagedGgufException("it has two tensors named " + placed.name());
      }
    }
    requireApart(tensors);
    return new GgufHeader(
        Collections.unmodifiableMap(metadata), Collections.unmodifiableMap(tensors));
  }

  private static void requireVersion(GgufCursor cursor) throws IOException {
    if (cursor.remaining() < 2 * Integer.BYTES || cursor.i32() != MAGIC) {
      throw new DamagedGgufException("it does not begin with GGUF and a version");
    }
    int version = cursor.i32();
    if ((version & 0xffff) == 0) {
      throw new DamagedGgufException(
          "it is big-endian, and only little-endian files are read; convert it");
    }
    if (version != 2 && version != 3) {
      throw new DamagedGgufException(
          "it is of version %s, and only 2 and 3 are read; convert it"
              .formatted(Integer.toUnsignedString(version)));
    }
  }

  private static int alignment(Map<String, Object> metadata) throws IOException {
    Object alignment = metadata.getOrDefault(ALIGNMENT, (long) DEFAULT_ALIGNMENT);
    if (alignment instanceof Long bytes
        && bytes > 0
        && bytes <= 1 << 20
        && Long.bitCount(bytes) == 1) {
      return bytes.intValue();
    }
    throw new DamagedGgufException(
        "%s is %s, which is no power of two".formatted(ALIGNMENT, alignment));
  }

  /** A tensor whose position still counts from the beginning of the data. */
  private static GgufTensor entry(GgufCursor cursor) throws IOException {
    String name = cursor.text("the name of a tensor");
    int dimensions = cursor.i32();
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw new DamagedGgufException(
          "tensor %s has %s dimensions, but 1 to %d are possible"
              .formatted(name, Integer.toUnsignedString(dimensions), MAX_DIMENSIONS));
    }
    List<Long> shape = new ArrayList<>();
    long elements = 1;
    for (int i = 0; i < dimensions; i++) {
      long length = cursor.i64();
      if (length < 1 || length > Long.MAX_VALUE / 8 / elements) {
        throw new DamagedGgufException(
            "tensor %s has a dimension of length %s"
                .formatted(name, Long.toUnsignedString(length)));
      }
      elements *= length;
      shape.add(0, length);
    }
    int id = cursor.i32();
    List<GgufType> types = GgufType.ofId(id);
    if (types.isEmpty()) {
      throw new DamagedGgufException(
          "tensor %s is of type %s, and only %s are read; convert it to one of them"
              .formatted(name, Integer.toUnsignedString(id), Arrays.toString(GgufType.values())));
    }
    GgufTensor tensor = new GgufTensor(name, types.get(0), shape, cursor.i64());
    if (tensor.columns() > MAX_COLUMNS) {
      throw new DamagedGgufException(
          "tensor %s has rows of %,d numbers, more than any model"
              .formatted(name, tensor.columns()));
    }
    if (tensor.columns() % tensor.type().blockElements() != 0) {
      throw new DamagedGgufException(
          "tensor %s of type %s has rows of %d numbers, which is no multiple of %d"
              .formatted(name, tensor.type(), tensor.columns(), tensor.type().blockElements()));
    }
    return tensor;
  }

  private static GgufTensor placed(GgufTensor entry, long dataStart, long alignment, long fileBytes)
      throws IOException {
    long offset = entry.position();
    long bytes = entry.rows() * entry.rowBytes();
    if (offset < 0 || offset % alignment != 0 || offset > fileBytes - dataStart - bytes) {
      throw new DamagedGgufException(
          "tensor %s is said to lie at byte %s of the data and to take %,d, but the file has %,d bytes of data and an alignment of %d"
              .formatted(
                  entry.name(),
                  Long.toUnsignedString(offset),
                  bytes,
                  Math.max(0, fileBytes - dataStart),
                  alignment));
    }
    return new GgufTensor(entry.name(), entry.type(), entry.shape(), dataStart + offset);
  }

  private static void requireApart(Map<String, GgufTensor> tensors) throws IOException {
    List<GgufTensor> ordered = new ArrayList<>(tensors.values());
    ordered.sort(Comparator.comparingLong(GgufTensor::position));
    for (int i = 1; i < ordered.size(); i++) {
      GgufTensor before = ordered.get(i - 1);
      if (ordered.get(i).position() < before.end()) {
        throw new DamagedGgufException(
            "the tensors %s and %s overlap".formatted(before.name(), ordered.get(i).name()));
      }
    }
  }
}
