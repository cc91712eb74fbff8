package org.attune.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WeightsTest {
  private TensorScope scope;
  private Weights weights;

  @BeforeEach
  void make() {
    scope = TensorScope.open();
    weights =
        new Weights(
            List.of(
                new WeightSpec("q", 2, 3),
                new WeightSpec("norm", 3),
                new WeightSpec("k", 1, 3),
                new WeightSpec("bias", 2)));
    weights.flat().floats().put(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14});
  }

  @AfterEach
  void close() {
    weights.close();
    scope.close();
  }

  @Nested
  class The_buffer {
    @Test
    void has_matrices_first_then_norms_and_biases() {
      assertThat(weights.specs().stream().map(WeightSpec::name))
          .containsExactly("q", "k", "norm", "bias");
      assertThat(weights.decayedCount()).isEqualTo(9);
      assertThat(weights.count()).isEqualTo(14);
    }

    @Test
    void is_what_views_write_to() {
      weights.get("k").fillInPlace(0);

      assertThat(weights.flat().toFloats())
          .containsExactly(1, 2, 3, 4, 5, 6, 0, 0, 0, 10, 11, 12, 13, 14);
    }

    @Test
    void of_a_copy_is_another() {
      try (Weights copy = weights.copied()) {
        copy.flat().fillInPlace(0);
        assertThat(weights.get("bias").toFloats()).containsExactly(13, 14);
      }
    }
  }

  @Nested
  class Stacked_views {
    @Test
    void have_the_rows_of_each_weight_in_order() {
      Tensor stacked = weights.viewIn(weights.flat(), "q", "k");

      assertThat(stacked.shape()).containsExactly(3, 3);
      assertThat(stacked.toFloats()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void share_memory_with_each_weight() {
      weights.viewIn(weights.flat(), "q", "k").fillInPlace(-1);

      assertThat(weights.get("k").toFloats()).containsExactly(-1, -1, -1);
    }

    @Test
    void of_weights_that_do_not_follow_one_another_are_refused() {
      assertThatThrownBy(() -> weights.viewIn(weights.flat(), "k", "q"))
          .hasMessageContaining("q does not follow its predecessor")
          .hasMessageContaining("in the order they are stacked");
    }

    @Test
    void of_an_unknown_weight_are_refused() {
      assertThatThrownBy(() -> weights.get("v")).hasMessage("No weight is called v.");
    }
  }

  @Nested
  class Collecting_views {
    @Test
    void add_gradients_at_the_weights_own_places() {
      try (WeightViews views = WeightViews.collecting(weights, DType.FLOAT32)) {
        views.get("norm").times(2).sum().backward();
        views.get("norm").times(3).sum().backward();
        views.linear("q", "k").of(Tensor.of(new float[] {1, 0, -1}, 1, 3)).sum().backward();

        assertThat(views.gradients().toFloats())
            .containsExactly(1, 0, -1, 1, 0, -1, 1, 0, -1, 5, 5, 5, 0, 0);
      }
    }

    @Test
    void have_buffers_of_their_own() {
      try (WeightViews one = WeightViews.collecting(weights, DType.FLOAT32);
          WeightViews other = WeightViews.collecting(weights, DType.FLOAT32)) {
        one.get("bias").sum().backward();

        assertThat(other.gradients().sum().item()).isZero();
      }
    }

    @Test
    void bring_gradients_of_bfloat16_layers_home_when_asked() {
      try (WeightViews views = WeightViews.collecting(weights, DType.BFLOAT16)) {
        Projection linear = views.linear("q", "k");
        for (int pass = 0; pass < 2; pass++) {
          linear.of(Tensor.of(new float[] {1, 0, -1}, 1, 3)).sum().backward();
          views.collect();
        }

        assertThat(weights.viewIn(views.gradients(), "q", "k").toFloats())
            .containsExactly(2, 0, -2, 2, 0, -2, 2, 0, -2);
      }
    }

    @Test
    void see_the_bfloat16_weights_follow_the_float32_ones() {
      try (WeightViews views = WeightViews.frozen(weights, DType.BFLOAT16)) {
        Projection linear = views.linear("k");
        weights.get("k").fillInPlace(2);
        weights.renewComputeCopy();

        assertThat(linear.of(Tensor.of(new float[] {1, 1, 1}, 1, 3)).item()).isEqualTo(6);
      }
    }

    @Test
    void are_not_those_that_are_frozen() {
      try (WeightViews views = WeightViews.frozen(weights, DType.FLOAT32)) {
        assertThat(views.get("norm").requiresGradient()).isFalse();
        assertThatThrownBy(views::gradients).hasMessage("Frozen views collect no gradients.");
      }
    }
  }
}
