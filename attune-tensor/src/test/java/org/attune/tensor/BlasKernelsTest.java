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

  @Test
  void are_asked_for_on_processors_that_openblas_may_not_know() {
    assertThat(BlasKernels.fitting("Linux", "AuthenticAMD", WIDE)).contains("SKYLAKEX");
  }

  @Test
  void are_left_to_openblas_where_it_knows_better_or_the_processor_has_no_such_registers() {
    assertThat(BlasKernels.fitting("Linux", "GenuineIntel", WIDE)).isEmpty();
    assertThat(BlasKernels.fitting("Linux", "AuthenticAMD", Set.of("avx2", "avx512f"))).isEmpty();
    assertThat(BlasKernels.fitting("Linux", "", Set.of())).isEmpty();
    assertThat(BlasKernels.fitting("Mac OS X", "AuthenticAMD", WIDE)).isEmpty();
  }

  @Test
  void added_to_the_environment_leave_what_was_there() {
    BlasKernels.putIntoEnvironment("ATTUNE_TEST=one");
    BlasKernels.putIntoEnvironment("ATTUNE_TEST_TWO=two");

    assertThat(BlasKernels.environmentEntries())
        .contains("ATTUNE_TEST=one", "ATTUNE_TEST_TWO=two")
        .contains("PATH=" + System.getenv("PATH"));
  }
}
