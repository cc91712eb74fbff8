package org.attune.cli.generate;

import java.nio.file.Files;
import java.nio.file.Path;
import org.attune.data.hub.HubLocation;
import org.attune.model.adapter.AdapterDirectory;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.gguf.GgufFile;
import org.attune.run.folder.Checkpoints.Checkpoint;
import org.attune.run.folder.RunFolder;

/**
 * Finds the model that {@code --model} names: a model's own directory, a GGUF file, a run with
 * checkpoints, or a repository of a hub.
 */
public final class ModelFolder {
  private ModelFolder() {}

  /**
   * The directory of the model.
   *
   * @throws CheckpointException if there is none; the message lists what was looked for
   */
  public static Path find(String name) {
    if (HubLocation.isOfHub(name)) {
      return HubLocation.current().model(name);
    }
    Path path = Path.of(name);
    if (Files.exists(path.resolve("config.json"))
        || AdapterDirectory.isOne(path)
        || (GgufFile.isNamed(path) && Files.exists(path))) {
      return path;
    }
    if (Files.exists(path.resolve("config.yaml"))) {
      return RunFolder.open(path)
          .checkpoints()
          .latest()
          .map(Checkpoint::path)
          .orElseThrow(
              () ->
                  new CheckpointException(
                      "--model %s is a run without a checkpoint: %s has no step-N. Let the run save one, or name a model."
                          .formatted(name, path.resolve("checkpoints"))));
    }
    throw new CheckpointException(
        "--model %s is no model%s. Looked for %s (a model's directory) and %s (a run's). Name one of the two, or a file that ends in .gguf.%s"
            .formatted(
                name,
                Files.isDirectory(path)
                    ? ""
                    : Files.exists(path) ? ": it is a file" : ": it does not exist",
                path.resolve("config.json"),
                path.resolve("config.yaml"),
                Files.exists(path) ? "" : HubLocation.hint(path)));
  }
}
