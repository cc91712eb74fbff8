package org.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TensorTest {
  private static final Offset<Double> FLOAT32 = within(1e-6);

  private long liveBefore;
  private TensorScope scope;

  @BeforeEach
  void open() {
    liveBefore = TensorScope.liveCount();
    scope = TensorScope.open();
  }

  @AfterEach
  void close() {
    scope.close();
    assertThat(TensorScope.liveCount()).isEqualTo(liveBefore);
  }

  @Nested
  class Errors {
    @Test
    void name_the_operation_both_shapes_and_the_native_reason_in_one_line() {
      assertThatThrownBy(() -> Tensor.vector(1, 2, 3).minus(Tensor.vector(1, 2)))
          .isInstanceOf(TensorException.class)
          .hasMessageStartingWith("minus: shapes [3] and [2] do not fit.")
          .hasMessageContaining("size of tensor a (3) must match")
          .message()
          .doesNotContain("\n");
    }

    @Test
    void values_that_do_not_fill_a_shape_are_refused() {
      assertThatThrownBy(() -> Tensor.of(new float[] {1, 2, 3}, 2, 2))
          .hasMessageContaining("3 values do not fill the shape [2, 2], which has 4");
    }
  }

  @Nested
  class Gradients {
    @Test
    void of_a_square_are_twice_the_value() {
      Tensor x = Tensor.vector(1, -2, 3).collectGradient();

      x.squared().sum().backward();

      assertThat(x.gradient().toFloats()).containsExactly(2, -4, 6);
    }

    @Test
    void add_up_in_the_given_buffer() {
      Tensor buffer = Tensor.zeros(2);
      Tensor x = Tensor.vector(1, 2).collectGradientIn(buffer);

      x.times(3).sum().backward();
      x.times(4).sum().backward();

      assertThat(buffer.toFloats()).containsExactly(7, 7);
    }

    @Test
    void an_alias_of_shared_weights_collects_its_own() {
      Tensor weights = Tensor.vector(1, 2, 3, 4);
      Tensor mine = Tensor.zeros(4);
      Tensor alias = weights.narrow(0, 1, 2).detached().collectGradientIn(mine.narrow(0, 1, 2));

      alias.squared().sum().backward();
      GradientMode.useWithout(() -> weights.addInPlace(1));

      assertThat(mine.toFloats()).containsExactly(0, 4, 6, 0);
      assertThat(alias.detached().toFloats()).containsExactly(3, 4);
    }

    @Test
    void do_not_flow_where_they_are_switched_off() {
      Tensor x = Tensor.vector(2).collectGradient();

      Tensor y = GradientMode.without(() -> x.squared());

      assertThat(y.requiresGradient()).isFalse();
    }

    @Test
    void flow_from_a_given_one() {
      Tensor x = Tensor.vector(1, 2).collectGradient();

      x.squared().backward(Tensor.vector(10, 100));

      assertThat(x.gradient().toFloats()).containsExactly(20, 400);
    }
  }

  @Test
  void cross_entropy_of_even_logits_is_the_logarithm_of_the_vocabulary() {
    Tensor loss = Tensor.zeros(2, 5).crossEntropySum(Tensor.indices(0, 4));

    assertThat(loss.item()).isCloseTo(2 * Math.log(5), FLOAT32);
  }

  @Test
  void causal_attention_equals_attention_with_the_mask_written_out() {
    Tensor q = Tensor.of(new float[] {1, 2, 0, -1, 3, 1}, 1, 1, 3, 2);
    Tensor k = Tensor.of(new float[] {0, 1, 2, 1, -1, 0}, 1, 1, 3, 2);
    Tensor v = Tensor.of(new float[] {5, 6, 7, 8, 9, 1}, 1, 1, 3, 2);
    float hidden = Float.NEGATIVE_INFINITY;
    Tensor mask = Tensor.of(new float[] {0, hidden, hidden, 0, 0, hidden, 0, 0, 0}, 1, 1, 3, 3);

    float[] causal = Tensor.causalAttention(q, k, v, 0.5).toFloats();
    float[] masked = Tensor.attention(q, k, v, mask, 0.5).toFloats();

    for (int i = 0; i < causal.length; i++) {
      assertThat((double) causal[i]).isCloseTo(masked[i], FLOAT32);
    }
  }

  @Test
  void picks_places_and_joins() {
    Tensor table = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);

    assertThat(table.indexSelect(0, Tensor.indices(2, 0)).toFloats()).containsExactly(5, 6, 1, 2);
    assertThat(table.gather(1, Tensor.of(new int[] {1, 0, 1}, 3, 1)).toFloats())
        .containsExactly(2, 3, 6);
    assertThat(Tensor.concatenated(List.of(table, table.narrow(0, 0, 1)), 0).shape())
        .containsExactly(4, 2);
    assertThat(table.argmaxOfLast().toLongs()).containsExactly(1, 1, 1);
  }

  @Nested
  class Splitting {
    @Test
    void gives_consecutive_parts_of_a_dimension() {
      Tensor table = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);

      List<Tensor> rows = table.split(0, 1, 2);
      List<Tensor> columns = table.split(1, 1, 1);

      assertThat(rows)
          .extracting(Tensor::shape)
          .containsExactly(new long[] {1, 2}, new long[] {2, 2});
      assertThat(rows.get(1).toFloats()).containsExactly(3, 4, 5, 6);
      assertThat(columns.get(1).toFloats()).containsExactly(2, 4, 6);
    }

    @Test
    void shares_memory_with_the_whole() {
      Tensor whole = Tensor.vector(1, 2, 3);

      whole.split(0, 2, 1).get(1).fillInPlace(9);

      assertThat(whole.toFloats()).containsExactly(1, 2, 9);
    }

    @Test
    void joins_the_gradients_of_the_parts() {
      Tensor x = Tensor.vector(1, 2, 3).collectGradient();
      List<Tensor> parts = x.split(0, 1, 1, 1);

      parts.get(0).times(5).plus(parts.get(2).squared()).sum().backward();

      assertThat(x.gradient().toFloats()).containsExactly(5, 0, 6);
    }

    @Test
    void refuses_sizes_that_do_not_add_up() {
      assertThatThrownBy(() -> Tensor.vector(1, 2, 3).split(0, 2, 2))
          .isInstanceOf(TensorException.class)
          .hasMessageStartingWith("split into [2, 2]")
          .hasMessageContaining("[3]");
    }
  }

  @Test
  void is_finite_only_without_nan_and_infinity() {
    assertThat(Tensor.vector(1, 2).isFinite()).isTrue();
    assertThat(Tensor.vector(1, Float.NaN).isFinite()).isFalse();
    assertThat(Tensor.vector(1, Float.POSITIVE_INFINITY).isFinite()).isFalse();
  }
}
