package org.attune.benchmarks;

import java.nio.file.Path;
import org.attune.model.Head;
import org.attune.model.LanguageModel;

/**
 * Fills a directory with a model of random weights, after one with a {@code config.json} and a
 * tokenizer: the time of a training step depends on a model's shape, not on its values.
 */
public final class RandomModel {
  private static final long SEED = 42;

  private RandomModel() {}

  /**
   * Makes the model.
   *
   * @param arguments the directory with the shape, and the existing one to fill
   */
  public static void main(String... arguments) {
    if (arguments.length != 2) {
      throw new IllegalArgumentException("Usage: RandomModel SHAPE_DIR TARGET_DIR");
    }
    try (LanguageModel model = LanguageModel.fresh(Path.of(arguments[0]), Head.CAUSAL, SEED)) {
      model.save(Path.of(arguments[1]));
    }
  }
}
