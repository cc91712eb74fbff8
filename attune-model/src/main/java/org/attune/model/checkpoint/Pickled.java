package org.attune.model.checkpoint;

import java.util.List;

/** The values of a pickle that Java has no type of its own for. */
sealed interface Pickled {
  /** Python's None. */
  enum Absent implements Pickled {
    NONE
  }

  /** The bottom of a group of values on the stack. */
  enum Mark implements Pickled {
    MARK
  }

  /** A Python class or function, by name only. */
  record Global(String name) implements Pickled {}

  /** A Python tuple. Never a key, because its hash could take forever. */
  record Tuple(List<Object> items) implements Pickled {}

  /**
   * A run of elements that tensors are views of.
   *
   * @param key of its bytes in the file
   * @param elements how many there are
   */
  record Storage(String key, StoredType type, long elements) implements Pickled {}

  /**
   * A view of a storage.
   *
   * @param first the index of its first element in the storage
   * @param strides how far apart neighbours of each dimension lie, in elements
   */
  record Tensor(Storage storage, long first, TensorInfo info, List<Long> strides)
      implements Pickled {
    /** Whether its elements lie one behind another. */
    boolean isContiguous() {
      long expected = 1;
      for (int i = strides.size() - 1; i >= 0; i--) {
        long length = info.shape().get(i);
        if (length > 1 && strides.get(i) != expected) {
          return false;
        }
        expected *= length;
      }
      return true;
    }
  }
}
