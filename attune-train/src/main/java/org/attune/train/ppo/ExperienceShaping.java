package org.attune.train.ppo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.attune.run.ppo.PpoConfig;

/**
 * From rollouts and scores to advantages and returns.
 *
 * <p>Each token's reward is −β times its KL, and the score joins the last token's: Ouyang et al.
 * 2022 (arXiv:2203.02155), equation 2. Advantages are {@link Gae}'s, whitened over all tokens of
 * the batch.
 */
final class ExperienceShaping {
  private final PpoConfig config;

  ExperienceShaping(PpoConfig config) {
    this.config = config;
  }

  /**
   * @param tokenScores for each response, what is added to each of its tokens' rewards
   * @param klCoefficient β
   */
  List<Experience> of(List<Rollout> rollouts, List<double[]> tokenScores, double klCoefficient) {
    // 1. the penalty for leaving the reference, and the scores
    List<double[]> rewards = new ArrayList<>();
    for (int i = 0; i < rollouts.size(); i++) {
      double[] kl = rollouts.get(i).kl();
      double[] scores = tokenScores.get(i);
      double[] ofTokens = new double[kl.length];
      Arrays.setAll(ofTokens, t -> -klCoefficient * kl[t] + scores[t]);
      rewards.add(ofTokens);
    }

    // 2. advantages and returns of each response
    Fillers fillers = config.whitenRewards() ? whiten(rewards) : Fillers.NONE;
    List<double[]> advantages = new ArrayList<>();
    List<double[]> returns = new ArrayList<>();
    int width = rollouts.stream().mapToInt(r -> r.exchange().length()).max().orElse(0);
    for (int i = 0; i < rollouts.size(); i++) {
      Rollout rollout = rollouts.get(i);
      int behind = config.training().parity() ? width - rollout.exchange().length() : 0;
      double[] estimated =
          Gae.advantages(
              fillers.behind(rewards.get(i), behind),
              Arrays.copyOf(rollout.values(), rollout.length() + behind),
              config.gamma(),
              config.lambda());
      double[] own = Arrays.copyOf(estimated, rollout.length());
      double[] ofTokens = new double[own.length];
      Arrays.setAll(ofTokens, t -> own[t] + rollout.values()[t]);
      advantages.add(own);
      returns.add(ofTokens);
    }

    // 3. advantages with mean 0 and variance 1 over the batch
    List<double[]> whitened = split(Whitening.CENTRED.of(joined(advantages)), advantages);
    List<Experience> experiences = new ArrayList<>();
    for (int i = 0; i < rollouts.size(); i++) {
      experiences.add(
          new Experience(rollouts.get(i), whitened.get(i), returns.get(i), rewards.get(i)));
    }
    return experiences;
  }

  /**
   * What the original's whitening makes of the zeros that pad a response: they do not count in mean
   * and variance, but are whitened too and so leak into the advantages before them. Reproduced only
   * where parity is asked for.
   */
  private record Fillers(double value) {
    static final Fillers NONE = new Fillers(0);

    double[] behind(double[] rewards, int count) {
      double[] padded = Arrays.copyOf(rewards, rewards.length + count);
      Arrays.fill(padded, rewards.length, padded.length, value);
      return padded;
    }
  }

  private static Fillers whiten(List<double[]> rewards) {
    double[] all = joined(rewards);
    double mean = Moments.mean(all);
    double[] whitened = Whitening.KEEP_MEAN.of(all);
    double scale = all[0] == mean ? 0 : (whitened[0] - mean) / (all[0] - mean);
    List<double[]> parts = split(whitened, rewards);
    for (int i = 0; i < parts.size(); i++) {
      rewards.set(i, parts.get(i));
    }
    return new Fillers(-mean * scale + mean);
  }

  static double[] joined(List<double[]> parts) {
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private static List<double[]> split(double[] joined, List<double[]> like) {
    List<double[]> parts = new ArrayList<>();
    int at = 0;
    for (double[] part : like) {
      parts.add(Arrays.copyOfRange(joined, at, at + part.length));
      at += part.length;
    }
    return parts;
  }
}
