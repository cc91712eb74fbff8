package org.attune.model.transformer;

import java.util.List;
import org.attune.model.dropout.Dropout;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;

/**
 * One linear layer over every token.
 *
 * @param dropout share of its input that training drops
 */
public record EachTokenHead(String output, int hiddenSize, int labels, double dropout)
    implements ClassifierHead {
  @Override
  public List<WeightSpec> weights() {
    return List.of(
        new WeightSpec(output + ".weight", labels, hiddenSize),
        new WeightSpec(output + ".bias", labels));
  }

  @Override
  public Scorer over(WeightViews weights) {
    Tensor weight = weights.get(output + ".weight");
    Tensor bias = weights.get(output + ".bias");
    Dropout dropping = weights.dropout(dropout);
    return (hidden, batch) -> dropping.of(hidden).linear(weight, bias);
  }
}
