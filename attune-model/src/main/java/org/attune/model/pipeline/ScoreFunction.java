package org.attune.model.pipeline;

import org.attune.model.LanguageModel;
import org.attune.model.ProblemType;

/** What turns a classifier's logits into scores. */
public enum ScoreFunction {
  /** Logits as they are: rewards, and values of a regression. */
  NONE {
    @Override
    double[] of(float[] logits) {
      double[] scores = new double[logits.length];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = logits[i];
      }
      return scores;
    }
  },
  /** Each label by itself: σ(logit). */
  SIGMOID {
    @Override
    double[] of(float[] logits) {
      double[] scores = new double[logits.length];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = 1 / (1 + Math.exp(-logits[i]));
      }
      return scores;
    }
  },
  /** Shares of all labels, which add up to 1. */
  SOFTMAX {
    @Override
    double[] of(float[] logits) {
      double highest = Double.NEGATIVE_INFINITY;
      for (float logit : logits) {
        highest = Math.max(highest, logit);
      }
      double[] shares = new double[logits.length];
      double sum = 0;
      for (int i = 0; i < shares.length; i++) {
        shares[i] = Math.exp(logits[i] - highest);
        sum += shares[i];
      }
      for (int i = 0; i < shares.length; i++) {
        shares[i] /= sum;
      }
      return shares;
    }
  };

  abstract double[] of(float[] logits);

  /**
   * What suits a model: its {@code problem_type}, or where it names none, σ of a single label and
   * the softmax of several.
   */
  static ScoreFunction suiting(LanguageModel model) {
    ProblemType type =
        model
            .problemType()
            .orElse(
                model.labels().size() == 1
                    ? ProblemType.MULTI_LABEL_CLASSIFICATION
                    : ProblemType.SINGLE_LABEL_CLASSIFICATION);
    return switch (type) {
      case REGRESSION -> NONE;
      case MULTI_LABEL_CLASSIFICATION -> SIGMOID;
      case SINGLE_LABEL_CLASSIFICATION -> model.labels().size() == 1 ? SIGMOID : SOFTMAX;
    };
  }
}
