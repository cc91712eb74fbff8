package org.attune.model.transformer;

import java.util.List;
import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;

/**
 * A dense layer with an activation and a linear layer over each sequence's first token, which an
 * encoder's tokenizer puts there to stand for the whole text. Devlin et al. 2019
 * (arXiv:1810.04805), section 3.
 *
 * @param dense the name of the first layer, which keeps the width
 * @param output the name of the second, which has a row for each label
 */
public record FirstTokenHead(
    String dense, Activation activation, String output, int hiddenSize, int labels)
    implements ClassifierHead {
  @Override
  public List<WeightSpec> weights() {
    return List.of(
        new WeightSpec(dense + ".weight", hiddenSize, hiddenSize),
        new WeightSpec(dense + ".bias", hiddenSize),
        new WeightSpec(output + ".weight", labels, hiddenSize),
        new WeightSpec(output + ".bias", labels));
  }

  @Override
  public Scorer over(WeightViews weights) {
    Projection first = weights.headLinear(dense + ".weight", dense + ".bias");
    Tensor outputWeight = weights.get(output + ".weight");
    Tensor outputBias = weights.get(output + ".bias");
    return (hidden, batch) ->
        activation.of(first.of(batch.firstTokens(hidden))).linear(outputWeight, outputBias);
  }
}
