package org.attune.model.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RoundedRowsTest {
  @Test
  void leave_few_shapes_for_many_lengths() {
    long shapes = IntStream.rangeClosed(1, 4096).mapToLong(RoundedRows::rounded).distinct().count();

    assertThat(shapes).isEqualTo(8 + 6 * 8); // up to 64, then of six doublings
  }

  @Test
  void add_at_most_an_eighth_to_more_than_64_rows() {
    for (int rows = 64; rows <= 4096; rows++) {
      assertThat(RoundedRows.rounded(rows)).isBetween((long) rows, rows + rows / 8L);
    }
  }

  @Test
  void change_neither_the_product_nor_its_gradient() {
    TensorScope.use(
        () -> {
          Tensor x = Tensor.of(new float[] {1, 2, 3}, 3, 1).collectGradient();
          Tensor weight = Tensor.of(new float[] {2}, 1, 1).to(DType.BFLOAT16).collectGradient();
          AtomicLong multiplied = new AtomicLong();

          Tensor product =
              RoundedRows.multiplied(
                  x,
                  DType.BFLOAT16,
                  low -> {
                    multiplied.set(low.size(0));
                    return low.linear(weight, null);
                  });
          product.sum().backward();

          assertThat(multiplied).hasValue(8);
          assertThat(product.toFloats()).containsExactly(2, 4, 6);
          assertThat(x.gradient().toFloats()).containsExactly(2, 2, 2);
          assertThat(weight.gradient().to(DType.FLOAT32).toFloats()).containsExactly(6);
        });
  }
}
