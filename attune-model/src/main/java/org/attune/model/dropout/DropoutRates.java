package org.attune.model.dropout;

import org.attune.model.checkpoint.ConfigJson;

/**
 * How much a family's configuration drops, by place; each is a share in [0, 1).
 *
 * @param embedding of what enters the first layer
 * @param residual of what a layer adds to its input
 * @param attention of the weights that a query gives keys
 * @param head of what a classifier reads
 */
public record DropoutRates(double embedding, double residual, double attention, double head) {
  /** Of a head that scores tokens, where a configuration does not say. */
  public static final double TOKEN_HEAD = 0.1;

  /**
   * Reads one rate.
   *
   * @param otherwise what transformers takes where the file says nothing
   * @throws org.attune.model.checkpoint.CheckpointException if it is not in [0, 1)
   */
  public static double read(ConfigJson json, String key, double otherwise) {
    double rate = json.number(key, otherwise);
    if (!(rate >= 0 && rate < 1)) {
      throw json.mismatch(key, "at least 0 and below 1");
    }
    return rate;
  }

  /**
   * Reads the rate of a head that scores tokens, as transformers does for all families without a
   * key of their own.
   */
  public static double ofTokenHead(ConfigJson json) {
    return read(json, "classifier_dropout", read(json, "hidden_dropout", TOKEN_HEAD));
  }
}
