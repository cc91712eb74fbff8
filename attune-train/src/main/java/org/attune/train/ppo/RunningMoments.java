package org.attune.train.ppo;

/**
 * Mean and standard deviation of all scores seen so far, merged batch by batch.
 *
 * <p>Chan, Golub and LeVeque 1979, "Updating Formulae and a Pairwise Algorithm for Computing Sample
 * Variances".
 */
public final class RunningMoments {
  private double mean;
  private double variance = 1;
  private double deviation = 1;
  private double count = 1e-24;

  /** What is kept in a checkpoint. */
  public record State(double mean, double variance, double deviation, double count) {}

  public RunningMoments() {}

  /** Continues from a checkpoint. */
  public RunningMoments(State state) {
    mean = state.mean();
    variance = state.variance();
    deviation = state.deviation();
    count = state.count();
  }

  /** Takes a batch of scores into account. */
  public void update(double[] batch) {
    double batchMean = Moments.mean(batch);
    double delta = batchMean - mean;
    double total = count + batch.length;
    double squares =
        variance * count
            + Moments.biasedVariance(batch) * batch.length
            + delta * delta * count * batch.length / total;
    mean += delta * batch.length / total;
    variance = squares / total;
    deviation = Math.sqrt(variance * total / (total - 1));
    count = total;
  }

  public double mean() {
    return mean;
  }

  /** The unbiased standard deviation. */
  public double deviation() {
    return deviation;
  }

  public State state() {
    return new State(mean, variance, deviation, count);
  }
}
