package org.attune.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attune.cli.quickstart.Comparisons.Counts;
import org.attune.cli.quickstart.QuickstartRecipe.Scale;
import org.attune.testkit.Bundled;
import org.attune.train.session.Progress;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QuickstartTest {
  private static final Scale TINY = new Scale(6, new Counts(64, 40, 60), 2, 2, 2, 8);

  @TempDir private Path folder;

  @Test
  void the_whole_loop_leaves_samples_summary_and_report() throws IOException {
    StringWriter told = new StringWriter();
    QuickstartFiles files = QuickstartFiles.create(folder.resolve("out"));
    Quickstart quickstart =
        new Quickstart(
            Bundled.path(""), files, 1, TINY, new Narrator(new PrintWriter(told)), Progress.NONE);

    QuickstartReport report = quickstart.run();

    assertThat(Files.readAllLines(files.samples())).hasSize(6);
    assertThat(files.summary()).content().contains("\"prompts\":6");
    assertThat(files.report())
        .content()
        .contains(report.evaluation().verdict().headline(), "Where it came from");
    assertThat(report.run().model().resolve("model.safetensors")).isRegularFile();
    assertThat(told.toString())
        .contains("10\u2009605 sentences, 198\u2009810 ratings", "agrees with people on");
    assertThat(QuickstartTable.of(report))
        .contains("6 unseen beginnings", "valence, independent", "./attune chat --model");
    for (String training : new String[] {"sft", "reward", "ppo"}) {
      assertThat(files.configuration(training))
          .hasSameTextualContentAs(files.run(training).resolve("config.yaml"));
    }
  }
}
