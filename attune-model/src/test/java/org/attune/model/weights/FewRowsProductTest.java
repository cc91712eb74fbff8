package org.attune.model.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.attune.tensor.FewRowsProduct;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.testkit.NoTensorLeaks;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoTensorLeaks.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
final class FewRowsProductTest {
  /** Larger than one piece, and no multiple of it. */
  private static final int OUTPUTS = 2_500;

  private static final int INPUTS = 1_024;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 9, 33})
  void have_the_product_of_all_rows(int rows) {
    TensorScope.use(
        () -> {
          Tensor x = random(1, rows, INPUTS);
          Tensor weight = random(2, OUTPUTS, INPUTS);
          Tensor stored = weight.transposed(0, 1).contiguous();

          float[] expected = x.linear(weight, null).toFloats();
          Tolerance.LOGITS.check(
              "product", FewRowsProduct.of(x, weight, false).toFloats(), expected);
          Tolerance.LOGITS.check(
              "product with a matrix stored the other way",
              FewRowsProduct.of(x, stored, true).toFloats(),
              expected);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 9, 33})
  void are_the_same_bit_by_bit_whatever_the_number_of_workers(int rows) {
    List<float[]> alone = sharedBy(1, rows);
    for (int count : new int[] {2, 3}) {
      assertThat(sharedBy(count, rows)).usingRecursiveComparison().isEqualTo(alone);
    }
  }

  private static List<float[]> sharedBy(int count, int rows) {
    List<float[]> products = new ArrayList<>();
    try (Workers workers = new Workers(count)) {
      workers.together(
          () -> {
            Tensor x = random(1, rows, INPUTS);
            Tensor weight = random(2, OUTPUTS, INPUTS);
            assertThat(FewRowsProduct.fits(x, weight)).isTrue();
            products.add(FewRowsProduct.of(x, weight, false).toFloats());
            products.add(FewRowsProduct.of(x, weight.view(INPUTS, OUTPUTS), true).toFloats());
            products.add(SharedProduct.of(x, weight).toFloats());
          });
    }
    return products;
  }

  @Test
  void are_not_for_many_rows_nor_for_small_matrices() {
    TensorScope.use(
        () -> {
          assertThat(FewRowsProduct.fits(random(1, 33, INPUTS), random(2, OUTPUTS, INPUTS)))
              .isFalse();
          assertThat(FewRowsProduct.fits(random(1, 1, 64), random(2, 64, 64))).isFalse();
        });
  }

  private static Tensor random(long seed, int rows, int columns) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, rows, columns);
  }
}
