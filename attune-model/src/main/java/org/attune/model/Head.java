package org.attune.model;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.transformer.Architecture;
import org.attune.model.weights.WeightSpec;

/** What a model computes from the transformer's output. */
public enum Head {
  /** Scores of the next token. */
  CAUSAL("CausalLM"),
  /** Scores of the next token, and the value V of each position: the actor and critic of PPO. */
  VALUE("CausalLM"),
  /** One score of a whole sequence, read at its last token: a reward model or classifier. */
  SCORE("SequenceClassification");

  /** Weight names of the value head, as TRL has them. */
  public static final String VALUE_WEIGHT = "v_head.summary.weight";

  public static final String VALUE_BIAS = "v_head.summary.bias";

  /** Weight name of the score head. */
  public static final String SCORE_WEIGHT = "score.weight";

  private final String classSuffix;

  Head(String classSuffix) {
    this.classSuffix = classSuffix;
  }

  /** The end of the class name in transformers. */
  String classSuffix() {
    return classSuffix;
  }

  /** Weights beside the body's. */
  List<WeightSpec> weights(Architecture architecture, int labels) {
    int hidden = architecture.hiddenSize();
    return switch (this) {
      case CAUSAL -> architecture.outputWeights();
      case VALUE -> {
        List<WeightSpec> specs = new ArrayList<>(architecture.outputWeights());
        specs.add(new WeightSpec(VALUE_WEIGHT, 1, hidden));
        specs.add(new WeightSpec(VALUE_BIAS, 1));
        yield specs;
      }
      case SCORE -> List.of(new WeightSpec(SCORE_WEIGHT, labels, hidden));
    };
  }
}
