package org.attune.run.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.attune.run.folder.Event;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.Manifest;
import org.attune.run.folder.RunFolder;
import org.attune.run.sft.SftConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RunReportTest {
  @TempDir Path folder;
  private Path path = Path.of("");

  @BeforeEach
  void makeTheRun() {
    path = folder.resolve("a");
    RunFolder.create(SftConfig.builder().runDir(path).model("m").build());
  }

  @Test
  void a_run_without_events_is_a_report_of_empty_states() {
    Report report = RunReport.of(RunFolder.open(path));

    assertThat(report.title()).isEqualTo("This run has not started");
    assertThat(ReportWriter.write(report)).contains("No measurements yet", "No generated texts");
  }

  @Test
  void a_finished_run_shows_curves_samples_lineage_and_what_to_do_next() {
    RunFolder run = RunFolder.open(path);
    try (EventLog log = run.log(Clock.systemUTC())) {
      log.append(new Event.Status(Event.State.STARTED, ""));
      log.append(new Event.Metrics(10, Map.of("grad_norm", 4.0, "loss", 2.5)));
      log.append(new Event.Metrics(20, Map.of("grad_norm", 3.0, "loss", 0.00021)));
      log.append(new Event.Sample(20, "Once", " upon", -0.3));
      log.append(new Event.Status(Event.State.FINISHED, ""));
    }
    run.checkpoints().write(20, target -> Files.writeString(target.resolve("x"), "x"));
    run.writeManifest(
        new Manifest(
            "0.1.0",
            Map.of(),
            Map.of(),
            null,
            Map.of("training", 42L),
            List.of(new Manifest.Parent("data", "rows.jsonl", "0123456789abcdef"))));

    Report report = RunReport.of(run);

    assertThat(report.title()).isEqualTo("This run is finished");
    assertThat(report.facts()).containsExactly("20 steps", "seed of training 42");
    assertThat(report.curves())
        .extracting(Report.Curve::title, Report.Curve::caption)
        .containsExactly(tuple("loss", "0.0002100"), tuple("grad_norm", "3.000"));
    assertThat(report.samples())
        .containsExactly(
            new Report.Sample(
                "Once", List.of(new Report.Completion("Step 20", " upon", "reward −0.30"))));
    assertThat(report.lineage())
        .extracting(Report.LineageStep::what)
        .containsExactly(
            "data rows.jsonl · sha256 01234567…", path.toString(), "checkpoint step-20");
    assertThat(report.next().get(0).command())
        .isEqualTo(
            "./attune generate --model " + path.resolve("checkpoints/step-20") + " --prompt \"…\"");
  }
}
