package org.attune.model.modernbert;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.attune.model.dropout.Dropout;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.ClassifierHead;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the last layer of each of ModernBERT's heads: dense layer, activation, norm.
 *
 * @param denseBias whether the dense layer has a bias
 * @param normBias whether the norm has one
 * @param pooling which vector stands for a whole sequence
 * @param dropout share of what a classifier's last layer reads that training drops
 */
public record ModernBertHead(
    int hiddenSize,
    boolean denseBias,
    boolean normBias,
    double normEpsilon,
    Activation activation,
    Pooling pooling,
    double dropout) {
  private static final String DENSE = "head.dense";
  private static final String NORM = "head.norm";
  private static final String CLASSIFIER = "classifier";

  /** How the vectors of a sequence's tokens become one. */
  public enum Pooling {
    FIRST,
    MEAN;

    Tensor of(Tensor hidden, TokenBatch batch) {
      return switch (this) {
        case FIRST -> batch.firstTokens(hidden);
        case MEAN -> batch.means(hidden);
      };
    }
  }

  List<WeightSpec> weights() {
    List<WeightSpec> specs = new ArrayList<>();
    specs.add(new WeightSpec(DENSE + ".weight", hiddenSize, hiddenSize));
    if (denseBias) {
      specs.add(new WeightSpec(DENSE + ".bias", hiddenSize));
    }
    specs.add(new WeightSpec(NORM + ".weight", hiddenSize));
    if (normBias) {
      specs.add(new WeightSpec(NORM + ".bias", hiddenSize));
    }
    return specs;
  }

  /** The layers over the given weights. */
  Layers over(WeightViews weights) {
    return new Layers(
        weights.headLinear(DENSE + ".weight", denseBias ? DENSE + ".bias" : null),
        weights.get(NORM + ".weight"),
        normBias ? weights.get(NORM + ".bias") : null,
        this);
  }

  record Layers(Projection dense, Tensor norm, @Nullable Tensor normBias, ModernBertHead head) {
    Tensor of(Tensor hidden) {
      return head.activation.of(dense.of(hidden)).layerNorm(norm, normBias, head.normEpsilon);
    }
  }

  ClassifierHead ofSequences(int labels) {
    return new Classifier(this, labels, pooling::of, Dropout::ofSequences);
  }

  ClassifierHead ofTokens(int labels) {
    return new Classifier(this, labels, (hidden, batch) -> hidden, Dropout::of);
  }

  private record Classifier(
      ModernBertHead head,
      int labels,
      ClassifierHead.Scorer pooled,
      BiFunction<Dropout, Tensor, Tensor> dropped)
      implements ClassifierHead {
    @Override
    public List<WeightSpec> weights() {
      List<WeightSpec> specs = new ArrayList<>(head.weights());
      specs.addAll(WeightSpec.linear(CLASSIFIER, true, head.hiddenSize, labels));
      return specs;
    }

    @Override
    public Scorer over(WeightViews weights) {
      Layers layers = head.over(weights);
      Dropout dropout = weights.dropout(head.dropout);
      Tensor weight = weights.get(CLASSIFIER + ".weight");
      Tensor bias = weights.get(CLASSIFIER + ".bias");
      return (hidden, batch) -> {
        Tensor inner = layers.of(pooled.scores(hidden, batch));
        return dropped.apply(dropout, inner).linear(weight, bias);
      };
    }
  }
}
