package org.attune.model.transformer;

import java.util.List;
import org.attune.model.dropout.Dropout;
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
 * @param dropout share of the second layer's input that training drops
 * @param dropsFirst whether it drops of the first layer's input too
 */
public record FirstTokenHead(
    String dense,
    Activation activation,
    String output,
    int hiddenSize,
    int labels,
    double dropout,
    boolean dropsFirst)
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
    Dropout ofInput = dropsFirst ? weights.dropout(dropout) : null;
    Dropout ofInner = weights.dropout(dropout);
    return (hidden, batch) -> {
      Tensor texts = batch.firstTokens(hidden); // [S, C]
      Tensor inner = activation.of(first.of(ofInput == null ? texts : ofInput.ofSequences(texts)));
      return ofInner.ofSequences(inner).linear(outputWeight, outputBias);
    };
  }
}
