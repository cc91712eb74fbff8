package org.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {
  @Test
  void names_its_processor_and_counts_the_usable_ones() {
    assertThat(Machine.processorName()).isNotBlank();
    assertThat(Machine.processors()).isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void answers_whether_it_multiplies_bfloat16_the_same_each_time() {
    assertThat(Machine.multipliesBfloat16()).isEqualTo(Machine.multipliesBfloat16());
  }

  @Test
  void measures_a_positive_peak_and_leaves_no_tensor_behind() {
    long liveBefore = TensorScope.liveCount();

    try (Workers workers = new Workers(2)) {
      assertThat(Machine.measuredMatmulPeak(DType.FLOAT32, workers, 32)).isPositive().isFinite();
    }

    assertThat(TensorScope.liveCount()).isEqualTo(liveBefore);
  }
}
