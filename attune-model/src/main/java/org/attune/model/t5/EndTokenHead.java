package org.attune.model.t5;

import java.util.List;
import org.attune.model.transformer.ClassifierHead;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;

/**
 * Two layers with tanh between them over the decoder's output where a sequence has its last end
 * token.
 *
 * @param endId the end token
 */
record EndTokenHead(int endId, int hiddenSize, int labels) implements ClassifierHead {
  private static final String DENSE = "classification_head.dense";
  private static final String OUTPUT = "classification_head.out_proj";

  @Override
  public List<WeightSpec> weights() {
    return List.of(
        new WeightSpec(DENSE + ".weight", hiddenSize, hiddenSize),
        new WeightSpec(DENSE + ".bias", hiddenSize),
        new WeightSpec(OUTPUT + ".weight", labels, hiddenSize),
        new WeightSpec(OUTPUT + ".bias", labels));
  }

  @Override
  public Scorer over(WeightViews weights) {
    Tensor denseWeight = weights.get(DENSE + ".weight");
    Tensor denseBias = weights.get(DENSE + ".bias");
    Tensor outputWeight = weights.get(OUTPUT + ".weight");
    Tensor outputBias = weights.get(OUTPUT + ".bias");
    return (hidden, batch) ->
        hidden
            .embedding(Tensor.indices(ends(batch))) // [S, C]
            .linear(denseWeight, denseBias)
            .tanh()
            .linear(outputWeight, outputBias);
  }

  private int[] ends(TokenBatch batch) {
    int[] ends = new int[batch.sequences()];
    for (int s = 0; s < ends.length; s++) {
      int at = batch.start(s) + batch.length(s) - 1;
      while (at >= batch.start(s) && batch.id(at) != endId) {
        at--;
      }
      if (at < batch.start(s)) {
        throw new IllegalArgumentException(
            "Sequence %d of %d has no end token %d, and that is where this model is scored. Encode texts with the special tokens that the tokenizer adds."
                .formatted(s + 1, ends.length, endId));
      }
      ends[s] = at;
    }
    return ends;
  }
}
