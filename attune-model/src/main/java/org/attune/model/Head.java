package org.attune.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.transformer.Architecture;
import org.attune.model.transformer.ClassifierHead;
import org.attune.model.weights.WeightSpec;

/** What a model computes from the transformer's output. Which layers do so, its family says. */
public enum Head {
  /** Nothing: the output itself is wanted. */
  NONE("Model"),
  /** Scores of the next token. */
  CAUSAL("CausalLM"),
  /** Scores of the next token, and the value V of each position: the actor and critic of PPO. */
  VALUE("CausalLM"),
  /** Scores of a whole sequence: a reward model or classifier. */
  SCORE("SequenceClassification"),
  /** Scores of each token's labels. */
  TOKENS("TokenClassification"),
  /** An encoder's scores of what stands at a masked token. */
  MASKED("MaskedLM");

  /** Weight names of the value head, as TRL has them. */
  public static final String VALUE_WEIGHT = "v_head.summary.weight";

  public static final String VALUE_BIAS = "v_head.summary.bias";

  /** Weight name of a causal model's score head. */
  public static final String SCORE_WEIGHT = "score.weight";

  /** The end of the class name of the encoder of an encoder and a decoder. */
  private static final String ENCODER = "EncoderModel";

  private final String classSuffix;

  Head(String classSuffix) {
    this.classSuffix = classSuffix;
  }

  /** The end of the class name in transformers. */
  String classSuffix() {
    return classSuffix;
  }

  /** Whether it scores labels, which have names. */
  boolean scoresLabels() {
    return this == SCORE || this == TOKENS;
  }

  /** The family as it stands under this head. */
  Architecture under(Architecture architecture) {
    return switch (this) {
      case CAUSAL, VALUE, MASKED -> architecture;
      case SCORE -> architecture.forSequences();
      case NONE, TOKENS -> architecture.forTokens();
    };
  }

  /** The head that a saved model of the family was saved with, by the names of its classes. */
  static Head of(List<String> classNames, Architecture architecture) {
    for (Head head : List.of(SCORE, TOKENS, MASKED)) {
      if (classNames.stream().anyMatch(name -> name.endsWith(head.classSuffix))) {
        return head;
      }
    }
    boolean isEncoder =
        architecture.isEncoder() || classNames.stream().anyMatch(name -> name.endsWith(ENCODER));
    return isEncoder ? NONE : CAUSAL;
  }

  /**
   * Weights beside the body's.
   *
   * @throws CheckpointException if the family has no such head
   */
  List<WeightSpec> weights(Architecture architecture, int labels) {
    requireFitting(architecture);
    return switch (this) {
      case NONE -> List.of();
      case CAUSAL, MASKED -> architecture.outputWeights();
      case VALUE -> {
        List<WeightSpec> specs = new ArrayList<>(architecture.outputWeights());
        specs.add(new WeightSpec(VALUE_WEIGHT, 1, architecture.hiddenSize()));
        specs.add(new WeightSpec(VALUE_BIAS, 1));
        yield specs;
      }
      case SCORE, TOKENS -> classifier(architecture, labels).weights();
    };
  }

  /** The layers that score labels. */
  ClassifierHead classifier(Architecture architecture, int labels) {
    return switch (this) {
      case SCORE -> architecture.sequenceHead(labels);
      case TOKENS -> architecture.tokenHead(labels);
      case NONE, CAUSAL, VALUE, MASKED ->
          throw new IllegalStateException("The head " + this + " scores no labels.");
    };
  }

  /**
   * Whether a checkpoint may lack a weight of the head, to be made anew: what a trainer teaches.
   */
  boolean isMadeAnew(String weight, Architecture architecture, int labels) {
    return switch (this) {
      case NONE, CAUSAL, MASKED -> false;
      case VALUE -> weight.equals(VALUE_WEIGHT) || weight.equals(VALUE_BIAS);
      case SCORE, TOKENS ->
          classifier(architecture, labels).weights().stream()
              .anyMatch(spec -> spec.name().equals(weight));
    };
  }

  private void requireFitting(Architecture architecture) {
    boolean continues = this == CAUSAL || this == VALUE;
    if (continues && architecture.isEncoder()) {
      throw new CheckpointException(
          "A model of the type %s is an encoder: it sees whole texts and cannot continue them, as the head %s is to. Give a causal language model; an encoder serves as a reward model, as a classifier or to fill masks."
              .formatted(architecture.modelType(), toString().toLowerCase(Locale.ROOT)));
    }
    if (this == MASKED && !architecture.isEncoder()) {
      throw new CheckpointException(
          "A model of the type %s is causal: it continues texts and cannot fill masks. Give an encoder that was saved with its masked language model head."
              .formatted(architecture.modelType()));
    }
  }
}
