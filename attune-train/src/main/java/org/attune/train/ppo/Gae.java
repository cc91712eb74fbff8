package org.attune.train.ppo;

/**
 * Generalized advantage estimates: exponentially weighted sums of temporal-difference errors.
 *
 * <p>A_t = δ_t + γ λ A_(t+1) with δ_t = r_t + γ V_(t+1) − V_t, and V = 0 after the last token.
 * Schulman et al. 2016 (arXiv:1506.02438), equation 16. Advantages are not whitened here; see
 * {@link Whitening}.
 */
public final class Gae {
  private Gae() {}

  /**
   * The advantages of one response.
   *
   * @param rewards per-token rewards including the KL penalty, {@code [R]}
   * @param values the critic's values at the positions that predict the tokens, {@code [R]}; no
   *     gradient flows
   * @param gamma discount in [0, 1]; 1 is usual for language
   * @param lambda bias against variance, in [0, 1]: 0 is one-step TD, 1 is Monte Carlo
   * @return {@code [R]}
   */
  public static double[] advantages(
      double[] rewards, double[] values, double gamma, double lambda) {
    double[] advantages = new double[rewards.length];
    double following = 0;
    for (int t = rewards.length - 1; t >= 0; t--) {
      double nextValue = t + 1 < values.length ? values[t + 1] : 0;
      double delta = rewards[t] + gamma * nextValue - values[t];
      following = delta + gamma * lambda * following;
      advantages[t] = following;
    }
    return advantages;
  }
}
