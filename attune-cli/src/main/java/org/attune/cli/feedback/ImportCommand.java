package org.attune.cli.feedback;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.attune.data.Dataset;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.store.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune feedback import}: rows, or a folder in the hub layout, into a store. */
@Command(
    name = "import",
    description = {
      "Adds records to a feedback dataset, which is made if need be.",
      "Of rows, columns named as a question hold an answer, the column user_id whose it is;",
      "rows with the same id are one record with several answers."
    },
    footer = {
      "",
      "Examples:",
      "  attune feedback import ratings.csv --to feedback --field text --rating mood=1..9",
      "  attune feedback import hub-folder --to feedback"
    })
final class ImportCommand implements Callable<Integer> {
  private static final Pattern RANGE = Pattern.compile("(-?\\d{1,9})\\.\\.(-?\\d{1,9})");

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SOURCE",
      description = "A file of rows, or a folder with argilla.yaml or argilla.cfg.")
  private Path source = Path.of("");

  @Option(names = "--to", required = true, paramLabel = "DIR", description = "The store.")
  private Path store = Path.of("");

  @Option(
      names = "--field",
      paramLabel = "COLUMN",
      description = "A text that people see. May be repeated.")
  private List<String> fields = new ArrayList<>();

  @Option(
      names = "--rating",
      paramLabel = "COLUMN=LOW..HIGH",
      description = "A question that is answered with a number.")
  private Map<String, String> ratings = new LinkedHashMap<>();

  @Option(
      names = "--label",
      paramLabel = "COLUMN=A,B,…",
      description = "A question that is answered with one of some labels.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--answer",
      paramLabel = "COLUMN",
      description = "A question that is answered with a text.")
  private List<String> texts = new ArrayList<>();

  @Override
  public Integer call() {
    boolean exists = Files.exists(store.resolve("dataset.json"));
    int added;
    if (exists) {
      try (FileStore open = FileStore.open(store)) {
        List<FeedbackRecord> records = records(open.dataset().settings());
        open.dataset().addAll(records);
        added = records.size();
      }
    } else {
      FeedbackDataset imported = imported(); // checked in memory: a bad row leaves no store behind
      try (FileStore made = FileStore.create(store, imported.settings())) {
        made.dataset().addAll(imported.records());
      }
      added = imported.size();
    }
    spec.commandLine().getErr().println("%,d records added to %s.".formatted(added, store));
    spec.commandLine().getOut().println(store);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private FeedbackDataset imported() {
    if (Files.isDirectory(source)) {
      return FeedbackDataset.fromFolder(source);
    }
    FeedbackDataset dataset = FeedbackDataset.of(settings());
    dataset.addAll(records(dataset.settings()));
    return dataset;
  }

  private List<FeedbackRecord> records(FeedbackSettings settings) {
    return Files.isDirectory(source)
        ? FeedbackDataset.fromFolder(source).records()
        : FeedbackRows.records(Dataset.read(source), settings);
  }

  private FeedbackSettings settings() {
    List<Question> questions = new ArrayList<>();
    ratings.forEach((column, range) -> questions.add(rating(column, range)));
    labels.forEach((column, list) -> questions.add(LabelQuestion.of(column, list.split(","))));
    texts.forEach(column -> questions.add(TextQuestion.of(column)));
    if (fields.isEmpty() || questions.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "A new dataset needs at least one --field and one question (--rating, --label or --answer). Name the columns of %s that hold them."
              .formatted(source));
    }
    FeedbackDataset.Builder builder = FeedbackDataset.builder().allowExtraMetadata(true);
    fields.forEach(column -> builder.field(TextField.of(column)));
    questions.forEach(builder::question);
    return builder.settings();
  }

  private Question rating(String column, String range) {
    Matcher ends = RANGE.matcher(range);
    if (!ends.matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "--rating %s must be a range but was \"%s\". Write %s=1..5."
              .formatted(column, range, column));
    }
    return RatingQuestion.of(
        column, Integer.parseInt(ends.group(1)), Integer.parseInt(ends.group(2)));
  }
}
