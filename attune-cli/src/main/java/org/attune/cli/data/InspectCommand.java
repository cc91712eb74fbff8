package org.attune.cli.data;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.attune.cli.terminal.JsonOutput;
import org.attune.data.Column;
import org.attune.data.Dataset;
import org.attune.data.DatasetFormatException;
import org.attune.data.Row;
import org.attune.data.RowKind;
import org.attune.data.hub.HubLocation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune data inspect}: what is in files, and what they can train. */
@Command(
    name = "inspect",
    description = "Shows the columns, the number of rows, what they can train, and the first rows.",
    footer = {"", "Example:", "  attune data inspect train.jsonl ratings.csv"})
final class InspectCommand implements Callable<Integer> {
  private static final int SHOWN_CHARACTERS = 160;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "CSV, JSON, JSONL, Parquet or text; .gz as well. Or hf:org/dataset.")
  private List<String> files = List.of();

  @Option(names = "--rows", paramLabel = "N", description = "How many rows to show; default 3.")
  private int shownRows = 3;

  @Option(names = "--json", description = "Prints one JSON object for each file.")
  private boolean json;

  /** What one file holds. */
  private record Inspection(
      String file,
      long rows,
      Map<String, String> columns,
      @Nullable String kind,
      List<String> trains,
      List<Map<String, @Nullable Object>> first) {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<Path> found =
        files.stream().flatMap(name -> HubLocation.current().trainingRows(name).stream()).toList();
    for (Path file : found) {
      Inspection inspection = inspect(file);
      if (json) {
        JsonOutput.print(out, inspection);
      } else {
        print(inspection, out);
      }
    }
    return 0;
  }

  private Inspection inspect(Path file) {
    Dataset rows = Dataset.read(file);
    Map<String, String> columns = new LinkedHashMap<>();
    for (Column column : rows.columns()) {
      columns.put(column.name(), column.type());
    }
    RowKind kind = kind(columns);
    return new Inspection(
        file.toString(),
        rows.size(),
        columns,
        kind == null ? null : kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
        kind == null ? List.of() : trains(kind),
        rows.head(shownRows).stream().map(Row::values).toList());
  }

  private static @Nullable RowKind kind(Map<String, String> columns) {
    try {
      return RowKind.of(columns.keySet());
    } catch (DatasetFormatException e) {
      return null; // rows that train nothing can be looked at all the same
    }
  }

  private static List<String> trains(RowKind kind) {
    return switch (kind) {
      case LANGUAGE_MODELING -> List.of("sft");
      case PROMPT_COMPLETION, UNPAIRED_PREFERENCE, REWARD_LABELLED -> List.of("sft", "ppo");
      case PREFERENCE, TOKENIZED_PREFERENCE -> List.of("reward");
      case PROMPT_ONLY -> List.of("ppo");
    };
  }

  private static void print(Inspection inspection, PrintWriter out) {
    out.println("%s: %,d rows".formatted(inspection.file(), inspection.rows()));
    inspection.columns().forEach((name, type) -> out.println("  %s  %s".formatted(name, type)));
    out.println(
        inspection.kind() == null
            ? "  trains nothing as it is: rename columns to text; prompt, completion; or chosen, rejected"
            : "  %s rows, for attune train %s"
                .formatted(inspection.kind(), String.join(" or ", inspection.trains())));
    List<String> lines = new ArrayList<>();
    inspection
        .first()
        .forEach(
            row ->
                row.forEach(
                    (name, value) -> lines.add("    %s: %s".formatted(name, brief(value)))));
    out.println("  first rows:");
    lines.forEach(out::println);
    out.flush();
  }

  private static String brief(@Nullable Object value) {
    String text = String.valueOf(value).replace("\n", "\\n");
    int length = text.codePointCount(0, text.length());
    return length <= SHOWN_CHARACTERS
        ? text
        : text.substring(0, text.offsetByCodePoints(0, SHOWN_CHARACTERS)) + "…";
  }
}
