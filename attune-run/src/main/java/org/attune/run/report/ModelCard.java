package org.attune.run.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import org.attune.run.folder.Checkpoints.Checkpoint;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.Manifest;
import org.attune.run.folder.RunFolder;

/**
 * A run's account of itself as Markdown, for the {@code README.md} of its model: data, parameters,
 * metrics, and what it came from.
 */
public final class ModelCard {
  private final RunFolder run;
  private final StringBuilder text = new StringBuilder();

  private ModelCard(RunFolder run) {
    this.run = run;
  }

  /**
   * The card of a run's latest checkpoint.
   *
   * @param title the name of the model
   */
  public static String of(RunFolder run, String title) {
    return new ModelCard(run).card(title);
  }

  private String card(String title) {
    line("---");
    line("library_name: transformers");
    line("tags:");
    line("- attune");
    line("---");
    line("");
    line("# " + title);
    line("");
    line(
        run.checkpoints()
            .latest()
            .map(Checkpoint::step)
            .map(step -> "Trained with Attune; checkpoint of step " + Numbers.whole(step) + ".")
            .orElse("Trained with Attune."));
    run.manifest().ifPresent(this::origin);
    metrics();
    parameters();
    return text.toString();
  }

  private void origin(Manifest manifest) {
    section("Data");
    line("| file | SHA-256 |");
    line("|---|---|");
    manifest.data().forEach((file, hash) -> line("| %s | `%s` |".formatted(cell(file), hash)));
    section("Lineage");
    line("Attune %s, seeds %s.".formatted(manifest.codeVersion(), manifest.seeds()));
    line("");
    line("| from | file | SHA-256 |");
    line("|---|---|---|");
    manifest
        .model()
        .forEach((file, hash) -> line("| start model | %s | `%s` |".formatted(cell(file), hash)));
    for (Manifest.Parent parent : manifest.parents()) {
      line(
          "| %s | %s | `%s` |"
              .formatted(cell(parent.role()), cell(parent.name()), parent.sha256()));
    }
  }

  /** The last value of each measurement, which may be of different steps. */
  private void metrics() {
    Map<String, String> last = new TreeMap<>();
    EventLog.metrics(run.events())
        .forEach(
            (step, values) ->
                values.forEach(
                    (name, value) ->
                        last.put(
                            name,
                            "| %s | %s | %s |"
                                .formatted(
                                    cell(name), Numbers.significant(value), Numbers.whole(step)))));
    if (last.isEmpty()) {
      return;
    }
    section("Metrics");
    line("| metric | last value | step |");
    line("|---|---|---|");
    last.values().forEach(this::line);
  }

  private void parameters() {
    section("Parameters");
    line("```yaml");
    try {
      text.append(Files.readString(run.path().resolve("config.yaml")).strip()).append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The configuration of %s cannot be read".formatted(run.path()), e);
    }
    line("```");
  }

  private void section(String name) {
    line("");
    line("## " + name);
    line("");
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private static String cell(String value) {
    return value.replace("|", "\\|").replace("\n", " ");
  }
}
