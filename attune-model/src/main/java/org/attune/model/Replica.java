package org.attune.model;

import org.attune.model.transformer.Architecture;
import org.attune.model.transformer.Attention;
import org.attune.model.transformer.CausalAttention;
import org.attune.model.transformer.ExpertLoad;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A model as one thread computes with it: the transformer and its head over one view of the shared
 * weights. Frozen replicas may be used by several threads at once; one that collects gradients
 * belongs to one thread at a time.
 */
public final class Replica implements AutoCloseable {
  private final WeightViews weights;
  private final int vocabularySize;
  private final Transformer transformer;
  private final @Nullable Tensor headWeight;
  private final @Nullable Tensor headBias;

  Replica(Architecture architecture, Head head, WeightViews weights) {
    this.weights = weights;
    vocabularySize = architecture.vocabularySize();
    transformer = architecture.over(weights);
    headWeight =
        switch (head) {
          case CAUSAL -> null;
          case VALUE -> weights.get(Head.VALUE_WEIGHT);
          case SCORE -> weights.get(Head.SCORE_WEIGHT);
        };
    headBias = head == Head.VALUE ? weights.get(Head.VALUE_BIAS) : null;
  }

  /** The transformer that {@link #hidden} and {@link #logits} run. */
  Transformer transformer() {
    return transformer;
  }

  /** V. */
  public int vocabularySize() {
    return vocabularySize;
  }

  /** The transformer's output for whole sequences, {@code [N, C]}. */
  public Tensor hidden(TokenBatch batch) {
    return transformer.hidden(batch);
  }

  /**
   * The transformer's output where {@code attention} says which tokens see which, {@code [N, C]}.
   */
  public Tensor hidden(TokenBatch batch, Attention attention) {
    return transformer.hidden(batch, attention);
  }

  /** As {@link #hidden(TokenBatch)}; tells {@code load} which experts the tokens went to. */
  public Tensor hidden(TokenBatch batch, ExpertLoad load) {
    return transformer.hidden(batch, new CausalAttention(batch), load);
  }

  /**
   * Scores of the next token for rows of the transformer's output: {@code [M, C]} to {@code [M,
   * V]}.
   */
  public Tensor logits(Tensor hidden) {
    return transformer.logits(hidden);
  }

  /**
   * What the value or score head makes of rows of the transformer's output: {@code [M, C]} to
   * {@code [M, labels]}; a value head has one.
   */
  public Tensor headOutput(Tensor hidden) {
    if (headWeight == null) {
      throw new IllegalStateException("A causal model has neither a value head nor a score head.");
    }
    return hidden.linear(headWeight, headBias);
  }

  /** The score head's output for each sequence, read at its last token: {@code [S, labels]}. */
  public Tensor scores(TokenBatch batch) {
    int[] last = new int[batch.sequences()];
    for (int i = 0; i < last.length; i++) {
      last[i] = batch.start(i) + batch.length(i) - 1;
    }
    return headOutput(hidden(batch).embedding(Tensor.indices(last)));
  }

  /** Collected gradients, laid out as the weights' flat buffer. */
  public Tensor gradients() {
    return weights.gradients();
  }

  /**
   * Brings gradients that were computed in a smaller type into {@link #gradients}; call after
   * backward.
   */
  public void collect() {
    weights.collect();
  }

  @Override
  public void close() {
    transformer.close();
  }
}
