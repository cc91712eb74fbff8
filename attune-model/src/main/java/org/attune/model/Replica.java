package org.attune.model;

import java.util.List;
import java.util.function.Supplier;
import org.attune.model.dropout.Noise;
import org.attune.model.transformer.Architecture;
import org.attune.model.transformer.Attention;
import org.attune.model.transformer.CausalAttention;
import org.attune.model.transformer.ClassifierHead.Scorer;
import org.attune.model.transformer.Completions;
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
  private final Architecture architecture;
  private final Transformer transformer;
  private final @Nullable Tensor valueWeight;
  private final @Nullable Tensor valueBias;
  private final @Nullable Scorer scorer;

  Replica(Architecture architecture, Head head, int labels, WeightViews weights) {
    this.weights = weights;
    this.architecture = architecture;
    transformer = architecture.over(weights);
    boolean hasValue = head == Head.VALUE;
    valueWeight = hasValue ? weights.get(Head.VALUE_WEIGHT) : null;
    valueBias = hasValue ? weights.get(Head.VALUE_BIAS) : null;
    scorer = head.scoresLabels() ? head.classifier(architecture, labels).over(weights) : null;
  }

  /** The transformer that {@link #hidden} and {@link #logits} run. */
  Transformer transformer() {
    return transformer;
  }

  /** V. */
  public int vocabularySize() {
    return architecture.vocabularySize();
  }

  /** Whether prompt and completion are one sequence; else an encoder reads the prompt. */
  public boolean isOneSequence() {
    return architecture.decoderStart().isEmpty();
  }

  /**
   * Completions of prompts as this model reads them.
   *
   * @param prompts token ids, at least one each
   * @param completions token ids, in the same order
   */
  public Completions completions(List<int[]> prompts, List<int[]> completions) {
    return Completions.of(architecture, prompts, completions);
  }

  /** The transformer's output for whole sequences, {@code [N, C]}. */
  public Tensor hidden(TokenBatch batch) {
    return dropping(batch, () -> transformer.hidden(batch));
  }

  /**
   * The transformer's output where {@code attention} says which tokens see which, {@code [N, C]}.
   */
  public Tensor hidden(TokenBatch batch, Attention attention) {
    return dropping(batch, () -> transformer.hidden(batch, attention));
  }

  /** As {@link #hidden(TokenBatch)}; tells {@code load} which experts the tokens went to. */
  public Tensor hidden(TokenBatch batch, ExpertLoad load) {
    return dropping(batch, () -> transformer.hidden(batch, new CausalAttention(batch), load));
  }

  private Tensor dropping(TokenBatch batch, Supplier<Tensor> pass) {
    return weights.noise().during(batch.noise(), pass);
  }

  /**
   * Scores of the next token, or of an encoder of a masked one, for rows of the transformer's
   * output: {@code [M, C]} to {@code [M, V]}.
   */
  public Tensor logits(Tensor hidden) {
    return transformer.logits(hidden);
  }

  /** As {@link #logits(Tensor)} with dropout of rows that {@code noise} is of; null for none. */
  public Tensor logits(Tensor hidden, @Nullable Noise noise) {
    return weights.noise().during(noise, () -> transformer.logits(hidden));
  }

  /** V of rows of the transformer's output: {@code [M, C]} to {@code [M, 1]}. */
  public Tensor values(Tensor hidden) {
    if (valueWeight == null) {
      throw new IllegalStateException("Only a model with the head VALUE has values.");
    }
    return hidden.linear(valueWeight, valueBias);
  }

  /**
   * What a head of labels makes of whole sequences: {@code [S, labels]} of a score head, {@code [N,
   * labels]} of one that scores tokens.
   */
  public Tensor scores(TokenBatch batch) {
    if (scorer == null) {
      throw new IllegalStateException("Only a model with the head SCORE or TOKENS scores labels.");
    }
    Scorer head = scorer;
    return dropping(batch, () -> head.scores(transformer.hidden(batch), batch));
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
