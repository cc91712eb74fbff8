package org.attune.cli.feedback;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.attune.data.Dataset;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.store.FileStore;
import org.attune.feedback.task.TrainingRows;
import org.attune.feedback.task.TrainingTask;
import org.attune.feedback.unify.UnificationStrategy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune feedback export}: a store as a hub folder, or as rows to train with. */
@Command(
    name = "export",
    description = {
      "Writes a feedback dataset as a folder in the hub layout of Argilla 1.x, or,",
      "with --task, as rows to train with."
    },
    footer = {
      "",
      "Examples:",
      "  attune feedback export feedback --to hub-folder",
      "  attune feedback export feedback --task prompt-completion --to train.jsonl",
      "  attune feedback export feedback --task reward --unify preference=majority --to pairs.jsonl"
    })
final class ExportCommand implements Callable<Integer> {
  /** What the rows are for. */
  enum Task {
    TEXT,
    SFT,
    PROMPT_COMPLETION,
    REWARD,
    DPO,
    PPO,
    CHAT
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "The feedback dataset's folder.")
  private Path store = Path.of("");

  @Option(
      names = "--to",
      required = true,
      paramLabel = "PATH",
      description = "The folder, or with --task the JSONL file.")
  private Path target = Path.of("");

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description = "Rows for: text, sft, prompt-completion, reward, dpo, ppo or chat.",
      converter = TaskName.class)
  private @Nullable Task task;

  @Option(names = "--field", paramLabel = "NAME", description = "The field of --task text.")
  private @Nullable String field;

  @Option(
      names = "--unify",
      paramLabel = "QUESTION=STRATEGY",
      description = "Makes one answer out of several people's first. May be repeated.")
  private Map<String, String> unify = new LinkedHashMap<>();

  @Option(
      names = "--test-share",
      paramLabel = "SHARE",
      description = "Sets this part aside in a second file, PATH with .test before its ending.")
  private double testShare;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Of the choice of test rows; default 0.")
  private long seed;

  @Override
  public Integer call() {
    FeedbackDataset dataset = FileStore.read(store);
    unify.forEach(
        (question, strategy) ->
            dataset.unify(
                question, UnificationStrategy.of(dataset.settings().question(question), strategy)));
    if (task == null) {
      dataset.toFolder(target);
      say(target, dataset.size() + " records");
      return 0;
    }
    TrainingRows rows = dataset.prepareForTraining(training(task), testShare, seed);
    write(rows.train(), target);
    if (testShare > 0) {
      write(rows.test(), testFile());
    }
    return 0;
  }

  private TrainingTask training(Task named) {
    return switch (named) {
      case TEXT -> {
        if (field == null) {
          throw new ParameterException(
              spec.commandLine(), "--task text needs --field. Name the field with the texts.");
        }
        yield TrainingTask.textGeneration(field);
      }
      case SFT -> TrainingTask.supervisedFineTuning();
      case PROMPT_COMPLETION -> TrainingTask.promptCompletion();
      case REWARD -> TrainingTask.rewardModeling();
      case DPO -> TrainingTask.directPreferenceOptimization();
      case PPO -> TrainingTask.proximalPolicyOptimization();
      case CHAT -> TrainingTask.chatCompletion();
    };
  }

  private void write(Dataset rows, Path file) {
    rows.toJsonl(file);
    say(file, rows.size() + " rows");
  }

  private void say(Path written, String what) {
    spec.commandLine().getErr().println(what + " written.");
    spec.commandLine().getOut().println(written);
    spec.commandLine().getOut().flush();
  }

  private Path testFile() {
    String name = String.valueOf(target.getFileName());
    int dot = name.lastIndexOf('.');
    return target.resolveSibling(
        dot <= 0 ? name + ".test" : name.substring(0, dot) + ".test" + name.substring(dot));
  }
}
