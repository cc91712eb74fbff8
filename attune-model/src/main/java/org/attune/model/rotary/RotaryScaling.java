package org.attune.model.rotary;

/**
 * How fast each pair of a head's channels turns, stretched for texts that are longer than those of
 * pretraining.
 *
 * <p>All values are float32, computed in the order of transformers, so that angles at far positions
 * are the same. {@link RotaryParameters} reads a scaling from {@code config.json}.
 */
public interface RotaryScaling {
  /**
   * The angle per position of each pair of turned channels.
   *
   * @param length tokens of the sequence, up to the one that is turned
   */
  float[] frequencies(int length);

  /** What turned channels are multiplied by. */
  default double magnitude() {
    return 1;
  }

  /** Whether {@link #frequencies} differ between lengths. */
  default boolean dependsOnLength() {
    return false;
  }

  /**
   * The longest sequence.
   *
   * @param configured {@code max_position_embeddings}
   */
  default int contextLength(int configured) {
    return configured;
  }
}
