package org.attune.model.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * What a file says of a tensor before its elements.
 *
 * @param type of its elements
 * @param shape the length of each dimension; none for a scalar
 */
public record TensorInfo(StoredType type, List<Long> shape) {
  /**
   * @throws ArithmeticException if a length is negative or the number of bytes does not fit a long
   */
  public TensorInfo {
    shape = List.copyOf(shape);
    Math.multiplyExact(elements(shape), type.bytes());
  }

  /** The number of elements. */
  public long elements() {
    return elements(shape);
  }

  /** The number of bytes of all elements. */
  public long bytes() {
    return elements() * type.bytes();
  }

  void requireFloats(Path file, String name, long first, int count) {
    if (!FloatElements.isFloat(type)) {
      throw new CheckpointException(
          "%s: tensor %s is %s, but weights must be F32, F16, BF16 or F64."
              .formatted(file, name, type));
    }
    if (first < 0 || first + count > elements()) {
      throw new CheckpointException(
          "%s: tensor %s has %d elements %s, but those from %d to %d are expected."
              .formatted(file, name, elements(), shape, first, first + count));
    }
  }

  private static long elements(List<Long> shape) {
    long elements = 1;
    for (long length : shape) {
      if (length < 0) {
        throw new ArithmeticException("negative length " + length);
      }
      elements = Math.multiplyExact(elements, length);
    }
    return elements;
  }
}
