package org.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TransientMatrixTest {
  private static final float[] VALUES = {1, 2, 3, 4, 5, 6}; // [3, 2]

  private static TransientMatrix matrix(float... values) {
    return new TransientMatrix(() -> Tensor.of(values, values.length / 2, 2));
  }

  @Test
  void product_and_gradient_are_those_of_an_ordinary_product() {
    try (TensorScope scope = TensorScope.open();
        TransientMatrix matrix = matrix(VALUES)) {
      Tensor x = Tensor.of(new float[] {1, -1, 0.5f, 2}, 2, 2).collectGradient();
      Tensor weights = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
      Tensor other = x.detached().copied().collectGradient();

      Tensor y = matrix.linear(x.times(3));
      y.times(weights).sum().backward();
      Tensor expected = other.times(3).linear(Tensor.of(VALUES, 3, 2), null);
      expected.times(weights).sum().backward();

      assertThat(y.toFloats()).isEqualTo(expected.toFloats());
      assertThat(x.gradient().toFloats()).isEqualTo(other.gradient().toFloats());
    }
  }

  @Test
  void many_in_one_graph_and_in_side_branches_keep_their_gradients_apart() {
    List<TransientMatrix> matrices = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      matrices.add(matrix(1, 0.1f * i, -0.2f * i, 1));
    }
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = Tensor.of(new float[] {1, -1, 0.5f, 2}, 2, 2).collectGradient();
      Tensor other = x.detached().copied().collectGradient();
      Tensor ours = x.times(1);
      Tensor theirs = other.times(1);
      for (int i = 0; i < 30; i += 2) {
        Tensor first = Tensor.of(new float[] {1, 0.1f * i, -0.2f * i, 1}, 2, 2);
        Tensor second = Tensor.of(new float[] {1, 0.1f * (i + 1), -0.2f * (i + 1), 1}, 2, 2);
        matrices.get(i + 1).linear(ours); // unused: no gradient comes back from it
        ours =
            matrices
                .get(i)
                .linear(ours)
                .times(matrices.get(i + 1).linear(ours))
                .times(0.1)
                .plus(ours);
        theirs =
            theirs.linear(first, null).times(theirs.linear(second, null)).times(0.1).plus(theirs);
        ours = ours.dividedBy(ours.detached().norm());
        theirs = theirs.dividedBy(theirs.detached().norm());
      }
      ours.sum().backward();
      theirs.sum().backward();

      assertThat(x.gradient().toFloats()).isEqualTo(other.gradient().toFloats());
    } finally {
      matrices.forEach(TransientMatrix::close);
    }
  }

  @Test
  void it_is_made_for_each_product_and_lives_no_longer() {
    AtomicInteger made = new AtomicInteger();
    try (TensorScope scope = TensorScope.open();
        TransientMatrix matrix =
            new TransientMatrix(
                () -> {
                  made.incrementAndGet();
                  return Tensor.of(VALUES, 3, 2);
                })) {
      long before = TensorScope.liveCount();
      Tensor x = Tensor.of(new float[] {1, -1}, 1, 2);

      matrix.linear(x);
      assertThat(made).hasValue(1);
      assertThat(TensorScope.liveCount()).isEqualTo(before + 2);

      matrix.linear(x.collectGradient()).sum().backward();
      assertThat(made).hasValue(3);
    }
  }
}
