package org.attune.cli.feedback;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.attune.cli.generate.ModelFolder;
import org.attune.cli.terminal.ProgressBar;
import org.attune.feedback.client.FeedbackClient;
import org.attune.feedback.client.RemoteDataset;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Suggestion;
import org.attune.model.LanguageModel;
import org.attune.model.pipeline.TextClassifier;
import org.attune.tensor.Workers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code attune feedback suggest}: what a trained model would answer, for people to accept. */
@Command(
    name = "suggest",
    description = {
      "Writes what a reward model or a classifier would answer to the records of a server's",
      "dataset, as suggestions. Records that have the agent's suggestion are left alone, so the",
      "same command goes on after an interruption, and later sees only new records."
    },
    footer = {
      "",
      "Example:",
      "  attune feedback suggest --dataset politeness --question preference \\",
      "      --run runs/politeness --only-unanswered"
    })
final class SuggestCommand implements Callable<Integer> {

  private static final int BATCH = 100;

  @Spec private CommandSpec spec;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "The server; default $ARGILLA_API_URL, else http://localhost:6900.",
      defaultValue = "${env:ARGILLA_API_URL:-http://localhost:6900}")
  private URI server = URI.create("http://localhost:6900");

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description = "Default $ARGILLA_API_KEY, which other users of the machine cannot read.",
      defaultValue = "${env:ARGILLA_API_KEY}")
  private @Nullable String apiKey;

  @Option(names = "--workspace", paramLabel = "NAME", description = "Default ${DEFAULT-VALUE}.")
  private String workspace = "default";

  @Option(names = "--dataset", required = true, paramLabel = "NAME", description = "The dataset.")
  private String dataset = "";

  @Option(names = "--question", required = true, paramLabel = "NAME", description = "The question.")
  private String question = "";

  @Option(
      names = "--run",
      required = true,
      paramLabel = "DIR",
      description = "A run's directory, whose latest checkpoint is taken, or a model's.")
  private String run = "";

  @Option(
      names = "--field",
      paramLabel = "NAME",
      description = "The text that is classified or rated; default the first one but the prompt.")
  private @Nullable String field;

  @Option(
      names = "--prompt",
      paramLabel = "NAME",
      description = "The field that the model reads before it; default prompt, if there is one.")
  private @Nullable String prompt;

  @Option(
      names = "--agent",
      paramLabel = "NAME",
      description = "Whose suggestions they are; default the run's and the checkpoint's name.")
  private @Nullable String agent;

  @Option(names = "--limit", paramLabel = "N", description = "Stops after that many suggestions.")
  private long limit = Long.MAX_VALUE;

  @Option(
      names = "--only-unanswered",
      description = "Leaves out records to which somebody submitted an answer to the question.")
  private boolean onlyUnanswered;

  private long suggested;
  private long unreadable;

  @Override
  public Integer call() {
    if (apiKey == null) {
      throw new ParameterException(
          spec.commandLine(), "--api-key is missing. Give it, or set ARGILLA_API_KEY.");
    }
    if (limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit must be at least 1 but was %d.".formatted(limit));
    }
    FeedbackClient client = FeedbackClient.connect(server, apiKey);
    RemoteDataset remote = client.dataset(dataset, client.workspace(workspace));
    Path folder = ModelFolder.find(run);
    String name = agent == null ? agentOf(folder) : agent;
    try (LanguageModel model = LanguageModel.load(folder);
        Workers workers = Workers.forMachine();
        TextClassifier classifier = TextClassifier.of(model, workers);
        ProgressBar progress = ProgressBar.on(spec.commandLine().getErr())) {
      Suggester suggester =
          new SuggesterChoice(
                  classifier,
                  model.labels(),
                  remote.settings(),
                  field,
                  prompt,
                  name,
                  () -> rated(remote))
              .answering(question);
      suggestAll(remote, suggester, name, progress);
    }
    spec.commandLine()
        .getErr()
        .println(
            "%,d suggestions by %s%s."
                .formatted(
                    suggested,
                    name,
                    unreadable == 0
                        ? ""
                        : "; %,d records have no text that the model can read"
                            .formatted(unreadable)));
    return 0;
  }

  private void suggestAll(
      RemoteDataset remote, Suggester suggester, String name, ProgressBar progress) {
    long total = remote.size();
    long seen = 0;
    List<FeedbackRecord> batch = new ArrayList<>();
    try (Stream<FeedbackRecord> records = remote.records()) {
      Iterator<FeedbackRecord> all = records.iterator();
      while (all.hasNext() && suggested < limit) {
        FeedbackRecord record = all.next();
        seen++;
        if (isWanted(record, name)) {
          batch.add(record);
        }
        if (batch.size() == Math.min(BATCH, limit - suggested) || !all.hasNext()) {
          send(remote, suggester.suggest(batch), batch);
          batch.clear();
          progress.report("Suggesting", seen, total, Map.of());
        }
      }
    }
  }

  private boolean isWanted(FeedbackRecord record, String name) {
    boolean isDone =
        record.suggestions().stream()
            .anyMatch(each -> each.question().equals(question) && name.equals(each.agent()));
    return !isDone && !(onlyUnanswered && record.answers(question).findAny().isPresent());
  }

  private void send(
      RemoteDataset remote, List<Optional<Suggestion>> suggestions, List<FeedbackRecord> records) {
    Map<String, Suggestion> byRecord = new LinkedHashMap<>();
    for (int i = 0; i < records.size(); i++) {
      String id = records.get(i).id();
      suggestions.get(i).ifPresent(suggestion -> byRecord.put(id, suggestion));
    }
    if (!byRecord.isEmpty()) {
      remote.suggest(byRecord);
    }
    suggested += byRecord.size();
    unreadable += records.size() - byRecord.size();
  }

  private List<FeedbackRecord> rated(RemoteDataset remote) {
    try (Stream<FeedbackRecord> records = remote.records()) {
      return records.filter(record -> record.answers(question).findAny().isPresent()).toList();
    }
  }

  /** Such as {@code politeness/step-40}; what an agent's name may not hold becomes a hyphen. */
  private String agentOf(Path folder) {
    Path named = Path.of(run).toAbsolutePath().normalize().getFileName();
    Path checkpoint = folder.getFileName();
    String name =
        named == null || named.equals(checkpoint)
            ? String.valueOf(checkpoint)
            : named + "/" + checkpoint;
    return name.replaceAll("[^a-zA-Z0-9_:./-]", "-");
  }
}
