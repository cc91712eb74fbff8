package org.attune.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WeightNumbersTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 4, 5, 6, 7})
  void stand_in_order_wherever_a_piece_ends(long pieceLength) {
    float[] values = {0, 1, 2, 3, 4, 5};
    try (TensorScope scope = TensorScope.open()) {
      WeightNumbers numbers = WeightNumbers.of(Tensor.of(values, 2, 3), pieceLength);

      for (int i = 0; i < values.length; i++) {
        assertThat(numbers.get(i)).isEqualTo(values[i]);
      }
    }
  }
}
