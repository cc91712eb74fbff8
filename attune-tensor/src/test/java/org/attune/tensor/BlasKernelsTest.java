package org.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BlasKernelsTest {
  private static final Set<String> WIDE =
      Set.of("avx2", "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");
  private static final Set<String> NARROW = Set.of("avx2", "avx512f");

  @Test
  void multiply_small_matrices_in_place_where_the_processor_has_wide_registers() {
    assertThat(BlasKernels.multiplySmall(null, WIDE)).isTrue();
    assertThat(BlasKernels.multiplySmall(null, NARROW)).isFalse();
    assertThat(BlasKernels.multiplySmall(null, Set.of())).isFalse();
  }

  @Test
  void are_those_that_the_environment_names() {
    assertThat(BlasKernels.multiplySmall("Haswell", WIDE)).isFalse();
    assertThat(BlasKernels.multiplySmall("SkylakeX", WIDE)).isTrue();
    assertThat(BlasKernels.multiplySmall("", WIDE)).isTrue();
  }
}
