package org.attune.model.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The head of a safetensors file: eight bytes of length, then JSON that tells where each tensor is.
 */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";

  /** As the reference implementation: a longer header is taken for a damaged length. */
  private static final long MAX_BYTES = 100_000_000;

  /** Ten times more than the largest mixture of experts has. */
  private static final int MOST_TENSORS = 1_000_000;

  /** More than any file has, and far from overflow in sums. */
  private static final long MAX_FILE_BYTES = Long.MAX_VALUE / 4;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /**
   * Where a tensor lies.
   *
   * @param position its first byte, from the beginning of the file
   */
  record Entry(String name, TensorInfo info, long position) {
    long end() {
      return position + info.bytes();
    }
  }

  static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
    long fileBytes = channel.size();
    if (fileBytes < Long.BYTES) {
      throw damaged(
          file, fileBytes == 0 ? "it is empty" : "it has only %d bytes".formatted(fileBytes));
    }
    long headerBytes = bytes(channel, 0, Long.BYTES).getLong();
    if (headerBytes < 2 || headerBytes > MAX_BYTES) {
      throw damaged(
          file,
          "its first 8 bytes give a header of %s bytes, but 2 to %d are possible"
              .formatted(Long.toUnsignedString(headerBytes), MAX_BYTES));
    }
    long dataStart = Long.BYTES + headerBytes;
    if (dataStart > fileBytes) {
      throw damaged(
          file,
          "it ends within its header: %d bytes expected at least, %d found"
              .formatted(dataStart, fileBytes));
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    // entry by entry: the tree of a whole header can be twenty times as large as its text
    try (JsonParser json =
        MAPPER.createParser(bytes(channel, Long.BYTES, (int) headerBytes).array())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw damaged(file, "its header is no JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        JsonNode value = json.readValueAsTree();
        if (name.equals(METADATA)) {
          value.properties().forEach(item -> metadata.put(item.getKey(), item.getValue().asText()));
        } else {
          entries.add(entry(file, name, value, dataStart));
        }
        if (entries.size() > MOST_TENSORS) {
          throw damaged(file, "its header names more than %,d tensors".formatted(MOST_TENSORS));
        }
      }
    } catch (JsonProcessingException e) {
      throw damaged(file, "its header is not valid JSON: " + e.getOriginalMessage());
    }
    requireContiguous(file, entries, dataStart, fileBytes);
    Map<String, Entry> byName = new LinkedHashMap<>();
    entries.forEach(entry -> byName.put(entry.name(), entry));
    return new SafetensorsHeader(byName, metadata);
  }

  private static Entry entry(Path file, String name, JsonNode json, long dataStart) {
    TensorInfo info;
    try {
      List<Long> shape = new ArrayList<>();
      for (JsonNode length : json.path("shape")) {
        shape.add(whole(length));
      }
      info = new TensorInfo(StoredType.valueOf(json.path("dtype").asText()), shape);
    } catch (ArithmeticException e) {
      throw damaged(
          file,
          "tensor %s has the shape %s, which is no list of lengths of a possible size"
              .formatted(name, json.path("shape")));
    } catch (IllegalArgumentException e) {
      throw damaged(
          file,
          "tensor %s has the dtype %s, which is none of %s"
              .formatted(name, json.path("dtype"), List.of(StoredType.values())));
    }
    JsonNode offsets = json.path("data_offsets");
    long begin;
    long end;
    try {
      begin = whole(offsets.path(0));
      end = whole(offsets.path(1));
    } catch (ArithmeticException e) {
      throw damaged(
          file,
          "tensor %s has the data_offsets %s, which must be two positions"
              .formatted(name, offsets));
    }
    if (end - begin != info.bytes()) {
      throw damaged(
          file,
          "tensor %s has data_offsets %s, which is %d bytes, but %s %s takes %d"
              .formatted(name, offsets, end - begin, info.type(), info.shape(), info.bytes()));
    }
    return new Entry(name, info, dataStart + begin);
  }

  private static long whole(JsonNode number) {
    if (!number.isIntegralNumber()
        || !number.canConvertToLong()
        || number.longValue() < 0
        || number.longValue() > MAX_FILE_BYTES) {
      throw new ArithmeticException("not a length or position in a file");
    }
    return number.longValue();
  }

  private static void requireContiguous(
      Path file, List<Entry> entries, long dataStart, long fileBytes) {
    entries.sort(Comparator.comparingLong(Entry::position).thenComparingLong(Entry::end));
    long expected = dataStart;
    for (Entry entry : entries) {
      if (entry.position() != expected) {
        throw damaged(
            file,
            "tensor %s begins at byte %d of the data, but the tensor before it ends at %d"
                .formatted(entry.name(), entry.position() - dataStart, expected - dataStart));
      }
      expected = entry.end();
    }
    if (expected != fileBytes) {
      throw damaged(
          file,
          "its header describes %d bytes, but it has %d (%s)"
              .formatted(
                  expected, fileBytes, fileBytes < expected ? "truncated" : "something follows"));
    }
  }

  private static ByteBuffer bytes(FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return bytes.flip();
  }

  private static CheckpointException damaged(Path file, String problem) {
    return new CheckpointException(
        "%s is no complete safetensors file: %s. Copy or write the file again."
            .formatted(file, problem));
  }
}
