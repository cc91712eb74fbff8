package org.attune.model.experts;

import static org.assertj.core.api.Assertions.assertThat;

import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Routing of tokens whose scores of experts are given as they are. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RouterTest {
  private static final float LN_2 = (float) Math.log(2);

  @Test
  void a_token_goes_to_the_experts_with_the_largest_scores() {
    TensorScope.use(
        () -> {
          Routes routes = routed(false, new float[] {0, 3, 1, 2, 9, 0, 0, 8}, 2, 4);

          // token 0 to experts 1 and 3, token 1 to experts 0 and 3; pairs are token · 2 + slot
          assertThat(routes.plan().sizes()).containsExactly(1, 1, 0, 2);
          assertThat(routes.plan().pairs()).containsExactly(2, 0, 1, 3);
          assertThat(routes.plan().places()).containsExactly(1, 2, 0, 3);
        });
  }

  @Test
  void of_equal_experts_the_first_ones_are_taken() {
    TensorScope.use(
        () ->
            assertThat(routed(false, new float[4], 1, 4).plan().sizes())
                .containsExactly(1, 1, 0, 0));
  }

  @Test
  void scores_that_are_no_numbers_route_somewhere() {
    TensorScope.use(
        () ->
            assertThat(
                    routed(false, new float[] {Float.NaN, Float.NaN, Float.NaN}, 1, 3)
                        .plan()
                        .sizes())
                .containsExactly(1, 1, 0));
  }

  @Test
  void weights_are_probabilities_among_all_experts() {
    TensorScope.use(
        () ->
            Tolerance.FLOAT32.check(
                "weights",
                routed(false, new float[] {LN_2, 0, 0}, 1, 3).weights().toFloats(),
                new float[] {0.5f, 0.25f}));
  }

  @Test
  void normed_weights_are_shares_among_the_chosen() {
    TensorScope.use(
        () ->
            Tolerance.FLOAT32.check(
                "weights",
                routed(true, new float[] {LN_2, 0, 0}, 1, 3).weights().toFloats(),
                new float[] {2 / 3f, 1 / 3f}));
  }

  @Test
  void an_expert_is_given_its_own_tokens_and_each_token_the_weighted_sum() {
    TensorScope.use(
        () -> {
          Routes routes = routed(true, new float[] {9, 0, 9, 9, 9, 0}, 2, 3);
          Tensor byExpert = routes.plan().byExpert(Tensor.of(new float[] {1, 10}, 2, 1));

          // expert 0: both tokens, expert 1: token 1, expert 2: token 0
          assertThat(byExpert.toFloats()).containsExactly(1, 10, 10, 1);
          Tolerance.FLOAT32.check("sums", routes.summed(byExpert).toFloats(), new float[] {1, 10});
        });
  }

  private static Routes routed(boolean normed, float[] scores, int tokens, int experts) {
    Tensor given = Tensor.of(scores, tokens, experts);
    return new Router(x -> x, 2, normed).of(given, null);
  }
}
