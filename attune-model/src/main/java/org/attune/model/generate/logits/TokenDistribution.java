package org.attune.model.generate.logits;

import java.util.Arrays;

/**
 * The distribution that the next token is drawn from. Each token has a weight, its probability up
 * to one factor for all, so that taking tokens out changes no weight of the others.
 */
public final class TokenDistribution {
  private final double[] weights;
  private double total;
  private int likeliest;

  public TokenDistribution(int vocabularySize) {
    weights = new double[vocabularySize];
  }

  /** Becomes the softmax of a row of logits, of which at least one is not −∞. */
  public void setSoftmax(float[] logits) {
    likeliest = 0;
    for (int id = 1; id < logits.length; id++) {
      if (logits[id] > logits[likeliest]) {
        likeliest = id;
      }
    }
    float max = logits[likeliest];
    total = 0;
    for (int id = 0; id < logits.length; id++) {
      float logit = logits[id];
      double weight = logit == Float.NEGATIVE_INFINITY ? 0 : Math.exp(logit - max);
      weights[id] = weight;
      total += weight;
    }
  }

  /** The token at a point of [0, 1) when all probabilities are laid out in order of their ids. */
  public int at(double point) {
    double wanted = point * total;
    double sum = 0;
    for (int id = 0; id < weights.length; id++) {
      sum += weights[id];
      if (sum > wanted) {
        return id;
      }
    }
    return likeliest; // rounding: the point fell on the very end
  }

  public double probability(int id) {
    return weights[id] / total;
  }

  /** Takes a token out. */
  public void remove(int id) {
    total -= weights[id];
    weights[id] = 0;
  }

  public int size() {
    return weights.length;
  }

  boolean has(int id) {
    return weights[id] > 0;
  }

  /** The weights, for a filter that changes them and then tells the new {@link #total}. */
  double[] weights() {
    return weights;
  }

  double total() {
    return total;
  }

  void total(double sum) {
    total = sum;
  }

  double largestWeight() {
    double largest = 0;
    for (double weight : weights) {
      largest = Math.max(largest, weight);
    }
    return largest;
  }

  /** The weight of the {@code place}-th likeliest token, from 1; 0 if there are fewer. */
  double weightOfPlace(int place) {
    if (place == 1) {
      return largestWeight();
    }
    double[] ascending = weights.clone();
    Arrays.sort(ascending);
    return place > ascending.length ? 0 : ascending[ascending.length - place];
  }

  /** −Σ p log p, in nats. */
  double entropy() {
    double entropy = 0;
    for (double weight : weights) {
      if (weight > 0) {
        double probability = weight / total;
        entropy -= probability * Math.log(probability);
      }
    }
    return entropy;
  }

  /**
   * Takes out the tokens whose weight is below {@code least}, but leaves the {@code kept}
   * likeliest.
   */
  void removeBelow(double least, int kept) {
    double bound = Math.min(least, weightOfPlace(kept));
    double sum = 0;
    for (int id = 0; id < weights.length; id++) {
      if (weights[id] < bound) {
        weights[id] = 0;
      }
      sum += weights[id];
    }
    total = sum;
  }
}
