package org.attune.cli.hub;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.attune.data.hub.HubReference;
import org.attune.data.hub.HubUpload;
import org.attune.data.hub.RepositoryType;
import org.attune.run.folder.Checkpoints.Checkpoint;
import org.attune.run.folder.RunFolder;
import org.attune.run.folder.RunFolderException;
import org.attune.run.report.ModelCard;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune hub push}: uploads a model or a dataset. */
@Command(
    name = "push",
    description =
        "Uploads a folder, or a run's latest checkpoint, with a card that tells its origin.",
    footer = {
      "",
      "Examples:",
      "  attune hub push runs/sft org/name --private",
      "  attune hub push exported/pairs hf://datasets/org/pairs"
    })
final class PushCommand implements Callable<Integer> {
  private static final String CARD = "README.md";

  @Spec private CommandSpec spec;
  @Mixin private HubArguments arguments;

  @Parameters(index = "0", paramLabel = "DIR", description = "A folder, or a run.")
  private Path folder = Path.of("");

  @Parameters(index = "1", paramLabel = "ID", description = "org/name; made if need be.")
  private String name = "";

  @Option(names = "--private", description = "Only its owner sees a repository that is made now.")
  private boolean isPrivate;

  @Option(names = "--message", paramLabel = "TEXT", description = "The commit's message.")
  private String message = "Upload with Attune";

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    if (!Files.isDirectory(folder)) {
      throw new ParameterException(
          spec.commandLine(),
          "%s is no folder. Name the folder of a model, a run or a dataset.".formatted(folder));
    }
    HubReference target = arguments.reference(name);
    if (target.file().isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "%s names a file. A folder is uploaded as a whole; name the repository."
              .formatted(target));
    }
    Optional<RunFolder> run = run();
    Path content = content(run);
    HubUpload upload =
        HubUpload.to(
            target,
            arguments.hub(err),
            fact -> {
              err.println(fact);
              err.flush();
            });
    spec.commandLine()
        .getOut()
        .println(upload.folder(content, card(target, run, content), isPrivate, message));
    spec.commandLine().getOut().flush();
    return 0;
  }

  /** The run that the folder is, or that it is a checkpoint of. */
  private Optional<RunFolder> run() {
    Path path = folder.toAbsolutePath().normalize();
    for (Path candidate : new Path[] {path, path.resolve("../..").normalize()}) {
      boolean isRun = candidate.equals(path) || path.startsWith(candidate.resolve("checkpoints"));
      if (isRun && Files.exists(candidate.resolve("config.yaml"))) {
        return Optional.of(RunFolder.open(candidate));
      }
    }
    return Optional.empty();
  }

  private Path content(Optional<RunFolder> run) {
    if (!Files.exists(folder.resolve("config.yaml")) || run.isEmpty()) {
      return folder;
    }
    return run.get()
        .checkpoints()
        .latest()
        .map(Checkpoint::path)
        .orElseThrow(
            () ->
                new RunFolderException(
                    "%s is a run without a checkpoint. Let it save one before you push it."
                        .formatted(folder)));
  }

  /** A card that somebody wrote is better than a generated one. */
  private static Map<String, String> card(
      HubReference target, Optional<RunFolder> run, Path content) {
    if (Files.exists(content.resolve(CARD))) {
      return Map.of();
    }
    if (target.type() == RepositoryType.DATASET) {
      return Map.of(CARD, DatasetCard.of(content, target.id()));
    }
    return run.map(from -> Map.of(CARD, ModelCard.of(from, target.id()))).orElse(Map.of());
  }
}
