package org.attune.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PeakMemoryTest {
  @Test
  void is_read_from_the_status_of_the_process() {
    assertThat(PeakMemory.read(List.of("Name:\tjava", "VmHWM:\t 2048 kB", "VmRSS:\t1 kB")))
        .isEqualTo(2);
  }

  @Test
  void is_unknown_where_the_status_does_not_tell() {
    assertThat(PeakMemory.read(List.of("Name:\tjava"))).isNull();
    assertThat(PeakMemory.read(List.of())).isNull();
  }
}
