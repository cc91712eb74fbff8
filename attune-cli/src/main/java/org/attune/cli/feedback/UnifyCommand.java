package org.attune.cli.feedback;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.attune.cli.terminal.JsonOutput;
import org.attune.data.Dataset;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.question.Question;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.UnifiedAnswer;
import org.attune.feedback.store.FileStore;
import org.attune.feedback.unify.UnificationStrategy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune feedback unify}: one answer out of those of several people. */
@Command(
    name = "unify",
    description = {
      "Makes one answer out of those of several people, a row for each answered record.",
      "The store keeps everybody's own answer."
    },
    footer = {
      "",
      "Example:",
      "  attune feedback unify feedback --question mood --strategy mean --to unified.jsonl"
    })
final class UnifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "The feedback dataset's folder.")
  private Path store = Path.of("");

  @Option(names = "--question", required = true, paramLabel = "NAME", description = "The question.")
  private String question = "";

  @Option(
      names = "--strategy",
      paramLabel = "STRATEGY",
      description = "Such as mean or majority; default the first one for the question's kind.")
  private @Nullable String strategy;

  @Option(
      names = "--to",
      paramLabel = "FILE.jsonl",
      description = "Where the rows go; default standard output.")
  private @Nullable Path target;

  @Override
  public Integer call() {
    FeedbackDataset dataset = FileStore.read(store);
    Question asked = dataset.settings().question(question);
    List<UnificationStrategy> known = UnificationStrategy.forQuestion(asked);
    UnificationStrategy chosen =
        strategy == null && !known.isEmpty()
            ? known.get(0)
            : UnificationStrategy.of(asked, String.valueOf(strategy));
    dataset.unify(question, chosen);
    List<Map<String, Object>> rows =
        dataset.records().stream()
            .filter(record -> !record.unified(question).isEmpty())
            .map(record -> row(record, asked))
            .toList();
    if (target == null) {
      rows.forEach(row -> JsonOutput.print(spec.commandLine().getOut(), row));
    } else {
      Dataset.fromRows(rows).toJsonl(target);
      spec.commandLine().getOut().println(target);
    }
    spec.commandLine().getOut().flush();
    spec.commandLine()
        .getErr()
        .println(
            "%,d of %,d records unified by %s."
                .formatted(rows.size(), dataset.size(), chosen.key()));
    return 0;
  }

  private Map<String, Object> row(FeedbackRecord record, Question asked) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", record.id());
    row.putAll(record.fields());
    List<Object> answers =
        record.unified(question).stream().map(UnifiedAnswer::value).map(asked::toPlain).toList();
    row.put(question, answers.size() == 1 ? answers.get(0) : answers);
    row.put("answers", record.answers(question).count());
    return row;
  }
}
