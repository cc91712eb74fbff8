package org.attune.model.gguf;

import java.util.List;

/**
 * Where and how a tensor of a GGUF file is stored.
 *
 * @param shape as elsewhere in Attune, the length of a row last; files have it first
 * @param position of its first byte in the file
 */
public record GgufTensor(String name, GgufType type, List<Long> shape, long position) {
  public GgufTensor {
    shape = List.copyOf(shape);
  }

  /** The length of a row. */
  long columns() {
    return shape.get(shape.size() - 1);
  }

  long rows() {
    return elements() / columns();
  }

  long elements() {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }

  long rowBytes() {
    return type.rowBytes(columns());
  }

  long end() {
    return position + rows() * rowBytes();
  }
}
