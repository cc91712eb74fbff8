package org.attune.train.ppo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.attune.train.ppo.PpoLoss.Sums;

/**
 * Everything measured in one PPO step, under the names that TRL gives it.
 *
 * @param numbers by name, such as {@code objective/kl}; what each means is in
 *     docs/explanation/ppo.md
 * @param distributions by name, one number for each response
 */
public record PpoStats(Map<String, Double> numbers, Map<String, double[]> distributions) {
  public PpoStats {
    numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
    distributions = Collections.unmodifiableMap(new LinkedHashMap<>(distributions));
  }

  /**
   * One of the numbers.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public double get(String name) {
    Double number = numbers.get(name);
    if (number == null) {
      throw new IllegalArgumentException("No statistic is called " + name + ".");
    }
    return number;
  }

  /** What a mini-batch showed: means over its M response tokens. */
  record MiniBatch(
      Sums sums, double entropy, List<Experience> experiences, double valueCoefficient) {
    Map<String, Double> numbers() {
      double[] returns = tokens(experiences, Experience::returns);
      double[] values = tokens(experiences, e -> e.rollout().values());
      double[] advantages = tokens(experiences, Experience::advantages);
      int count = returns.length;
      Map<String, Double> numbers = new LinkedHashMap<>();
      double policy = sums.policyLoss() / count;
      double value = sums.valueLoss() / count;
      numbers.put("ppo/loss/policy", policy);
      numbers.put("ppo/loss/value", value);
      numbers.put("ppo/loss/total", policy + valueCoefficient * value);
      numbers.put("ppo/policy/entropy", entropy / count);
      numbers.put("ppo/policy/approxkl", sums.approximateKl() / count);
      numbers.put("ppo/policy/policykl", sums.policyKl() / count);
      numbers.put("ppo/policy/clipfrac", sums.clipped() / count);
      numbers.put("ppo/policy/advantages_mean", Moments.mean(advantages));
      numbers.put("ppo/policy/ratio", sums.ratio() / count);
      numbers.put("ppo/returns/mean", Moments.mean(returns));
      numbers.put("ppo/returns/var", Moments.unbiasedVariance(returns));
      numbers.put("ppo/val/vpred", sums.values() / count);
      numbers.put("ppo/val/error", sums.squaredError() / count);
      numbers.put("ppo/val/clipfrac", sums.valueClipped() / count);
      numbers.put("ppo/val/mean", Moments.mean(values));
      numbers.put("ppo/val/var", Moments.unbiasedVariance(values));
      return numbers;
    }

    private interface TokensOf {
      double[] of(Experience experience);
    }

    private static double[] tokens(List<Experience> experiences, TokensOf tokens) {
      return ExperienceShaping.joined(experiences.stream().map(tokens::of).toList());
    }
  }

  /**
   * The statistics of a step.
   *
   * @param scores of the responses, after scaling
   * @param miniBatches of all epochs
   */
  static PpoStats of(
      List<Experience> experiences,
      double[] scores,
      List<MiniBatch> miniBatches,
      double klCoefficient,
      double learningRate) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    Map<String, double[]> distributions = new LinkedHashMap<>();
    double[] kl = ofResponses(experiences, e -> e.rollout().totalKl());
    numbers.put("objective/kl", Moments.mean(kl));
    distributions.put("objective/kl_dist", kl);
    numbers.put("objective/kl_coef", klCoefficient);
    numbers.put(
        "objective/entropy",
        Moments.mean(ofResponses(experiences, e -> e.rollout().totalSurprise())));
    numbers.put("ppo/mean_non_score_reward", -klCoefficient * meanTokenKl(experiences));
    numbers.put("ppo/mean_scores", Moments.mean(scores));
    numbers.put("ppo/std_scores", deviation(scores));
    length(
        numbers,
        distributions,
        "queries",
        ofResponses(experiences, e -> e.rollout().exchange().query().length));
    length(
        numbers, distributions, "responses", ofResponses(experiences, e -> e.rollout().length()));
    numbers.putAll(mean(miniBatches.stream().map(MiniBatch::numbers).toList()));
    numbers.put(
        "ppo/val/var_explained",
        1
            - numbers.getOrDefault("ppo/val/error", 0.0)
                / numbers.getOrDefault("ppo/returns/var", 1.0));
    numbers.put("ppo/learning_rate", learningRate);
    return new PpoStats(numbers, distributions);
  }

  /** These statistics and the seconds that parts of the step took. */
  PpoStats withTimes(Map<String, Double> seconds) {
    Map<String, Double> all = new LinkedHashMap<>(numbers);
    seconds.forEach((name, value) -> all.put("time/ppo/" + name, value));
    return new PpoStats(all, distributions);
  }

  private static double meanTokenKl(List<Experience> experiences) {
    return Moments.mean(
        ExperienceShaping.joined(experiences.stream().map(e -> e.rollout().kl()).toList()));
  }

  private static void length(
      Map<String, Double> numbers,
      Map<String, double[]> distributions,
      String of,
      double[] lengths) {
    numbers.put("tokens/" + of + "_len_mean", Moments.mean(lengths));
    numbers.put("tokens/" + of + "_len_std", deviation(lengths));
    distributions.put("tokens/" + of + "_dist", lengths);
  }

  /** The unbiased deviation; NaN for a single number, as the original has it. */
  private static double deviation(double[] numbers) {
    return Math.sqrt(Moments.unbiasedVariance(numbers));
  }

  private static double[] ofResponses(
      List<Experience> experiences, ToDoubleFunction<Experience> number) {
    return experiences.stream().mapToDouble(number).toArray();
  }

  private static Map<String, Double> mean(List<Map<String, Double>> parts) {
    Map<String, List<Double>> byName = new LinkedHashMap<>();
    for (Map<String, Double> part : parts) {
      part.forEach(
          (name, value) -> byName.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    }
    Map<String, Double> means = new LinkedHashMap<>();
    byName.forEach(
        (name, values) ->
            means.put(name, values.stream().mapToDouble(Double::doubleValue).average().orElse(0)));
    return means;
  }
}
