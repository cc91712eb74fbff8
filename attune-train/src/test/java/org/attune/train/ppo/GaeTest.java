package org.attune.train.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GaeTest {
  private static final double[] REWARDS = {1, -2, 0.5, 3};
  private static final double[] VALUES = {0.5, 1, -1, 2};

  @Test
  void weights_later_errors_by_gamma_lambda() {
    double[] rewards = {0.02, 0.1, 1};
    double[] values = {0.2, -0.1, 0.3};

    double[] advantages = Gae.advantages(rewards, values, 1, 0.95);

    // δ = (0.02 − 0.1 − 0.2, 0.1 + 0.3 + 0.1, 1 − 0.3) = (−0.28, 0.5, 0.7)
    // A = (−0.28 + 0.95 · 1.165, 0.5 + 0.95 · 0.7, 0.7)
    Tolerance.FLOAT32.check("advantages", advantages, new double[] {0.82675, 1.165, 0.7});
  }

  @Test
  void lambda_0_is_one_step_td() {
    double[] advantages = Gae.advantages(REWARDS, VALUES, 0.9, 0);

    // 1 + 0.9 · 1 − 0.5; −2 + 0.9 · −1 − 1; 0.5 + 0.9 · 2 + 1; 3 − 2
    Tolerance.FLOAT32.check("advantages", advantages, new double[] {1.4, -3.9, 3.3, 1});
  }

  @Test
  void lambda_1_is_monte_carlo() {
    double[] advantages = Gae.advantages(REWARDS, VALUES, 1, 1);

    // rewards to go 2.5, 1.5, 3.5, 3 minus the values
    Tolerance.FLOAT32.check("advantages", advantages, new double[] {2, 0.5, 4.5, 1});
  }

  @Test
  void gamma_0_looks_at_each_token_alone() {
    double[] advantages = Gae.advantages(REWARDS, VALUES, 0, 1);

    Tolerance.FLOAT32.check("advantages", advantages, new double[] {0.5, -3, 1.5, 1});
  }

  @Test
  void a_critic_that_knows_the_rewards_to_go_leaves_no_advantage() {
    double[] advantages = Gae.advantages(REWARDS, new double[] {2.5, 1.5, 3.5, 3}, 1, 0.95);

    Tolerance.FLOAT32.check("advantages", advantages, new double[4]);
  }

  @Test
  void a_single_token_has_its_reward_minus_its_value() {
    assertThat(Gae.advantages(new double[] {1}, new double[] {0.25}, 1, 0.95))
        .containsExactly(0.75);
  }

  @Test
  void no_tokens_have_no_advantages() {
    assertThat(Gae.advantages(new double[0], new double[0], 1, 0.95)).isEmpty();
  }
}
