package org.attune.model.adapter;

import java.util.LinkedHashMap;
import java.util.Map;
import org.attune.model.weights.Weights;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;

/**
 * A model's weights while an adapter is merged into them, and what they were before. Subtracting
 * what was added would leave rounding errors; the values themselves are kept.
 */
public final class MergedWeights implements AutoCloseable {
  private final TensorScope owner = TensorScope.owner();
  private final Weights weights;
  private final Map<String, Tensor> before = new LinkedHashMap<>();

  MergedWeights(Weights weights) {
    this.weights = weights;
  }

  void remember(String name) {
    before.put(name, TensorScope.with(() -> owner.adopt(weights.get(name).copied())));
  }

  /** Keeps the merged weights for good. */
  public void keep() {
    before.clear();
    owner.close();
  }

  /** Puts the weights before back, bit for bit, unless they were {@linkplain #keep given up}. */
  @Override
  public void close() {
    GradientMode.useWithout(
        () ->
            before.forEach(
                (name, values) -> TensorScope.use(() -> weights.get(name).copyInPlace(values))));
    if (!before.isEmpty()) {
      weights.renewComputeCopy();
    }
    keep();
  }
}
