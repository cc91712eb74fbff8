package org.attune.model.transformer;

import java.util.List;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;

/**
 * One linear layer without bias over each sequence's last token, which alone has seen the whole
 * text in a causal model.
 */
public record LastTokenHead(String weight, int hiddenSize, int labels) implements ClassifierHead {
  @Override
  public List<WeightSpec> weights() {
    return List.of(new WeightSpec(weight, labels, hiddenSize));
  }

  @Override
  public Scorer over(WeightViews weights) {
    // as the value head, it multiplies in float32 whatever the compute type: scores are few
    Tensor matrix = weights.get(weight);
    return (hidden, batch) -> batch.lastTokens(hidden).linear(matrix, null);
  }
}
