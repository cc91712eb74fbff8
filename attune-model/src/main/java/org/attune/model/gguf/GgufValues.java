package org.attune.model.gguf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the values of a GGUF head: every whole number as Long, every other as Double, then Boolean,
 * String, and List of these.
 */
final class GgufValues {
  /** More than the largest vocabulary has tokens and merges. */
  private static final int MAX_ITEMS = 1 << 22;

  private static final int MAX_DEPTH = 4;

  private static final int U8 = 0;
  private static final int I8 = 1;
  private static final int U16 = 2;
  private static final int I16 = 3;
  static final int U32 = 4;
  static final int I32 = 5;
  static final int F32 = 6;
  static final int BOOL = 7;
  static final int STRING = 8;
  static final int ARRAY = 9;
  private static final int U64 = 10;
  private static final int I64 = 11;
  private static final int F64 = 12;

  private final GgufCursor cursor;
  private int items;

  private GgufValues(GgufCursor cursor) {
    this.cursor = cursor;
  }

  static Map<String, Object> read(GgufCursor cursor, int count) throws IOException {
    GgufValues values = new GgufValues(cursor);
    Map<String, Object> metadata = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String key = cursor.text("a key");
      Object value = values.value(key, cursor.i32(), MAX_DEPTH);
      if (metadata.putIfAbsent(key, value) != null) {
        throw new DamagedGgufException("it has the key %s twice".formatted(key));
      }
    }
    return metadata;
  }

  private Object value(String key, int type, int depth) throws IOException {
    return switch (type) {
      case U8 -> (long) cursor.u8();
      case I8 -> (long) (byte) cursor.u8();
      case U16 -> (long) cursor.u16();
      case I16 -> (long) (short) cursor.u16();
      case U32 -> cursor.i32() & 0xffffffffL;
      case I32 -> (long) cursor.i32();
      case U64, I64 -> cursor.i64();
      // the shortest decimal that means this float, as it stood in config.json
      case F32 -> Double.parseDouble(Float.toString(cursor.f32()));
      case F64 -> cursor.f64();
      case BOOL -> cursor.u8() != 0;
      case STRING -> cursor.text("the value of " + key);
      case ARRAY -> list(key, depth);
      default ->
          throw new DamagedGgufException(
              "the value of %s is of type %s, which does not exist"
                  .formatted(key, Integer.toUnsignedString(type)));
    };
  }

  private List<Object> list(String key, int depth) throws IOException {
    if (depth == 0) {
      throw new DamagedGgufException(
          "the value of %s is lists in lists, more than %d deep".formatted(key, MAX_DEPTH));
    }
    int type = cursor.i32();
    int length = cursor.count("the length of " + key, leastBytes(type));
    items += Math.min(length, MAX_ITEMS + 1);
    if (items > MAX_ITEMS) {
      throw new DamagedGgufException(
          "its lists have more than %,d items in all, the last of them %s"
              .formatted(MAX_ITEMS, key));
    }
    List<Object> list = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      list.add(value(key, type, depth - 1));
    }
    return Collections.unmodifiableList(list);
  }

  private static int leastBytes(int type) {
    return switch (type) {
      case U16, I16 -> Short.BYTES;
      case U32, I32, F32 -> Integer.BYTES;
      case STRING, U64, I64, F64 -> Long.BYTES;
      case ARRAY -> Integer.BYTES + Long.BYTES;
      default -> Byte.BYTES;
    };
  }
}
