package org.attune.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.Weights;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;

/**
 * Makes room for more tokens. A new row is the mean of the old rows, so that a new token is at
 * first neither likelier nor rarer than the others; transformers draws around this mean with a
 * deviation of 3e-5 of the rows' own.
 */
final class VocabularyGrowth {
  private static final String SIZE = "vocab_size";

  private VocabularyGrowth() {}

  /** The configuration with another number of tokens. */
  static ConfigJson grown(ConfigJson config, int tokens) {
    if (!config.has(SIZE)) {
      throw config.mismatch(SIZE, "a whole number at the top of the file");
    }
    ObjectNode json = config.toJson();
    json.put(SIZE, tokens);
    return ConfigJson.parse(config.file(), json.toString().getBytes(UTF_8));
  }

  /** Copies all values; where a weight has more rows than before, the new ones are the mean. */
  static void copy(Weights from, Weights to) {
    for (WeightSpec spec : to.specs()) {
      TensorScope.use(
          () -> {
            Tensor old = from.get(spec.name());
            Tensor grown = to.get(spec.name());
            long rows = old.shape()[0];
            long added = spec.shape()[0] - rows;
            grown.narrow(0, 0, rows).copyInPlace(old);
            if (added > 0) {
              grown.narrow(0, rows, added).copyInPlace(old.sum(0).times(1.0 / rows));
            }
          });
    }
  }
}
