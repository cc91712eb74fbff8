package org.attune.model.adapter;

/** Where the factors A and B of a new adapter start. */
public enum LoraInit {
  /** A uniform in ±1/√in, B zero: {@code init_lora_weights: true}. */
  KAIMING,
  /** A normal with deviation 1/r, B zero: {@code "gaussian"}. */
  GAUSSIAN,
  /** Both uniform in ±1/√(their inputs), so that the model changes at once: {@code false}. */
  RANDOM
}
