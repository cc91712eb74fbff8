package org.attune.model.transformer;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.attune.model.checkpoint.StoredTensors;
import org.attune.model.dropout.DropoutRates;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/**
 * One family's description of a model: what its {@code config.json} says, which weights it has, and
 * how to compute with them.
 */
public interface Architecture {
  /** {@code model_type} in config.json. */
  String modelType();

  /** The prefix of the body's weight names in checkpoints with a head, such as {@code "model."}. */
  String bodyPrefix();

  /** V. */
  int vocabularySize();

  /** C. */
  int hiddenSize();

  int layers();

  /** K, the number of key heads of every layer. */
  int keyHeads();

  /** D. */
  int headSize();

  /** The longest sequence that positions exist for. */
  int contextLength();

  /**
   * The longest sequence whose cached keys serve further tokens. When it grows longer, the angles
   * of all its tokens change, and what is cached of it must be computed anew.
   */
  default int keysHoldUpTo() {
    return Integer.MAX_VALUE;
  }

  /** The standard deviation of freshly made weights. */
  double initializerRange();

  /** What the weights of norms are where they leave their input as it is. */
  default float neutralNorm() {
    return 1;
  }

  /** Whether tokens are routed to experts. */
  default boolean hasExperts() {
    return false;
  }

  /**
   * What the configuration asks training to multiply the {@linkplain ExpertLoad#balanceLoss
   * router's loss} by; 0 where it does not ask for it.
   */
  default double routerLossWeight() {
    return 0;
  }

  /** Weights of the body, with their prefix. */
  List<WeightSpec> bodyWeights();

  /** A checkpoint by the names of these weights, where the family's have other forms too. */
  default StoredTensors inOwnNames(StoredTensors stored) {
    return stored;
  }

  /** The output layer's own weights; empty where it shares the embedding's. */
  List<WeightSpec> outputWeights();

  /**
   * Whether tokens see those behind them too: such a model fills gaps and judges texts, and cannot
   * continue one.
   */
  default boolean isEncoder() {
    return false;
  }

  /**
   * The token that a decoder begins with where an encoder reads the prompt; empty where prompt and
   * completion are one sequence.
   */
  default OptionalInt decoderStart() {
    return OptionalInt.empty();
  }

  /**
   * The family as a checkpoint has it whose tensors have these names: what {@code config.json}
   * leaves open.
   */
  default Architecture storedAs(Supplier<Set<String>> names) {
    return this;
  }

  /** The family as it stands under a head for whole sequences. */
  default Architecture forSequences() {
    return this;
  }

  /** The family as it stands under a head for tokens, or under none. */
  default Architecture forTokens() {
    return this;
  }

  /** The head that scores whole sequences. */
  default ClassifierHead sequenceHead(int labels) {
    return new LastTokenHead("score.weight", hiddenSize(), labels);
  }

  /** The head that scores every token. */
  default ClassifierHead tokenHead(int labels) {
    return new EachTokenHead("score", hiddenSize(), labels, DropoutRates.TOKEN_HEAD);
  }

  /**
   * How the names of all heads' weights begin: what a checkpoint may hold beside the weights that a
   * model is loaded with. Where the model has weights that begin so, the checkpoint may have no
   * others.
   */
  default List<String> headPrefixes() {
    return List.of("lm_head.weight", "score.", "v_head.");
  }

  /** Tensors that a checkpoint may hold beside all weights, and that the family leaves alone. */
  default List<String> unusedWeights() {
    return List.of();
  }

  /** The names of the class in transformers, by its kind of head. */
  String className(String head);

  /**
   * The transformer over the given weights; without output weights, {@code logits} must not be
   * called.
   */
  Transformer over(WeightViews weights);
}
