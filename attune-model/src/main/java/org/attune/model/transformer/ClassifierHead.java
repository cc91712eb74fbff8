package org.attune.model.transformer;

import java.util.List;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;

/** The layers that score whole sequences, or single tokens, from a transformer's output. */
public interface ClassifierHead {
  /** Weights of its own, named as in checkpoints. */
  List<WeightSpec> weights();

  /** The head over the given weights. */
  Scorer over(WeightViews weights);

  /** Scores labels. */
  @FunctionalInterface
  interface Scorer {
    /**
     * Scores a batch.
     *
     * @param hidden the transformer's output, {@code [N, C]}
     * @param batch where each sequence stands in it
     * @return {@code [S, labels]} of sequences, {@code [N, labels]} of tokens
     */
    Tensor scores(Tensor hidden, TokenBatch batch);
  }
}
