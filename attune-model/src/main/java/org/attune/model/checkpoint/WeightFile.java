package org.attune.model.checkpoint;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;

/** An open file of named tensors, of any format. */
interface WeightFile extends AutoCloseable {
  Path path();

  Set<String> names();

  /**
   * What the file says of a tensor.
   *
   * @throws CheckpointException if there is no such tensor
   */
  TensorInfo info(String name);

  /**
   * The bytes of a tensor, little-endian and read-only.
   *
   * @throws CheckpointException if there is no such tensor, or it is of 2 GiB or more
   */
  ByteBuffer data(String name);

  /** The bytes of a tensor of any size in little-endian chunks, each valid during its call. */
  void forEachChunk(String name, Consumer<ByteBuffer> consumer);

  /**
   * Puts the elements of a floating-point tensor from {@code first} on into {@code target}, as many
   * as it has room for, converted if need be.
   *
   * @throws CheckpointException if the tensor is of another type or has fewer elements
   */
  void readFloats(String name, long first, FloatBuffer target);

  @Override
  void close();
}
