package org.attune.model.checkpoint;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The open weights of a model, by the names that transformers gives them. */
public interface StoredTensors extends AutoCloseable {
  /** The file, or the index of the files, that the weights come from. */
  Path source();

  Set<String> names();

  /**
   * The length of each dimension of a tensor.
   *
   * @throws CheckpointException if there is no such tensor
   */
  List<Long> shape(String name);

  /**
   * Puts the elements of a tensor from {@code first} on into {@code target}, as many as it has room
   * for, as float32.
   *
   * @throws CheckpointException if they are no floating-point numbers, or there are fewer
   */
  void readFloats(String name, long first, FloatBuffer target);

  /**
   * Puts all elements of a tensor into {@code target}, as float32.
   *
   * @throws CheckpointException if they are no floating-point numbers, or {@code target} has no
   *     room for exactly them
   */
  default void readFloats(String name, FloatBuffer target) {
    long elements = shape(name).stream().reduce(1L, (a, b) -> a * b);
    if (elements != target.remaining()) {
      throw new CheckpointException(
          "%s: tensor %s has %d elements %s, but %d are expected."
              .formatted(source(), name, elements, shape(name), target.remaining()));
    }
    readFloats(name, 0, target);
  }

  /**
   * Checks that a tensor of so many elements has {@code count} from {@code first} on.
   *
   * @throws CheckpointException if it has fewer
   */
  default void requireRange(String name, long elements, long first, int count) {
    if (first < 0 || elements - first < count) {
      throw new CheckpointException(
          "%s: tensor %s has %d elements %s, but %d from %d on are expected."
              .formatted(source(), name, elements, shape(name), count, first));
    }
  }

  @Override
  void close();

  /**
   * Checks that exactly the tensors of an architecture are there, with its shapes.
   *
   * @param shapes of the expected tensors, by name
   * @param ignored tensors that may be there although nothing needs them, such as a stored mask
   * @throws CheckpointException that lists all that are missing, unexpected, or of another shape
   */
  default void requireExactly(Map<String, List<Long>> shapes, Set<String> ignored) {
    List<String> problems = new ArrayList<>();
    Set<String> missing = new TreeSet<>(shapes.keySet());
    missing.removeAll(names());
    if (!missing.isEmpty()) {
      problems.add("%d missing: %s".formatted(missing.size(), NameList.of(missing)));
    }
    Set<String> unexpected = new TreeSet<>(names());
    unexpected.removeAll(shapes.keySet());
    unexpected.removeAll(ignored);
    if (!unexpected.isEmpty()) {
      problems.add("%d unexpected: %s".formatted(unexpected.size(), NameList.of(unexpected)));
    }
    List<String> misshapen = new ArrayList<>();
    new TreeMap<>(shapes)
        .forEach(
            (name, shape) -> {
              if (names().contains(name) && !shape(name).equals(shape)) {
                misshapen.add("%s is %s, not %s".formatted(name, shape(name), shape));
              }
            });
    if (!misshapen.isEmpty()) {
      problems.add("%d of another shape: %s".formatted(misshapen.size(), NameList.of(misshapen)));
    }
    if (!problems.isEmpty()) {
      throw new CheckpointException(
          "%s does not fit config.json. Tensors %s. Use the config.json that was saved with the weights."
              .formatted(source(), String.join("; ", problems)));
    }
  }
}
