package org.attune.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final StringWriter shown = new StringWriter();
  private long seconds;

  @Test
  void a_file_gets_a_plain_line_every_few_seconds() {
    ProgressBar bar = bar(false);

    for (int step = 1; step <= 21; step++) {
      bar.report("SFT", step, 21, Map.of("loss", 2.0));
      seconds++;
    }

    assertThat(shown.toString().lines())
        .containsExactly(
            "SFT   5 %  1/21  loss 2.000",
            "SFT  29 %  6/21  1.00 steps/s  0:15 left  loss 2.000",
            "SFT  52 %  11/21  1.00 steps/s  0:10 left  loss 2.000",
            "SFT  76 %  16/21  1.00 steps/s  0:05 left  loss 2.000",
            "SFT 100 %  21/21  1.00 steps/s  0:00 left  loss 2.000");
  }

  @Test
  void a_terminal_gets_one_line_that_is_drawn_again() {
    ProgressBar bar = bar(true);

    bar.report("PPO", 1, 2, Map.of());
    seconds++;
    bar.report("PPO", 2, 2, Map.of());

    assertThat(shown.toString()).startsWith("\rPPO ██████████░░").endsWith("%n".formatted());
    assertThat(shown.toString().lines()).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void a_note_does_not_run_into_the_bar() {
    ProgressBar bar = bar(true);

    bar.report("SFT", 1, 5, Map.of());
    bar.note("Two rows were left out.");

    assertThat(shown.toString().lines()).contains("Two rows were left out.");
  }

  private ProgressBar bar(boolean isTerminal) {
    return new ProgressBar(
        new PrintWriter(shown), isTerminal, () -> Duration.ofSeconds(seconds).toNanos());
  }
}
