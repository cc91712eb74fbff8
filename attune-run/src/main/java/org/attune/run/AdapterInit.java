package org.attune.run;

/** Where the factors of a new adapter start. */
public enum AdapterInit {
  /** A uniform, B zero: the model starts unchanged. */
  KAIMING,
  /** A normal with deviation 1/r, B zero: the model starts unchanged. */
  GAUSSIAN,
  /** Both uniform: the model starts changed. */
  RANDOM
}
