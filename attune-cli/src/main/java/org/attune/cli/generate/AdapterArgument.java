package org.attune.cli.generate;

import java.nio.file.Files;
import java.nio.file.Path;
import org.attune.model.LanguageModel;
import org.attune.run.folder.Checkpoints.Checkpoint;
import org.attune.run.folder.RunFolder;
import org.attune.tensor.DType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which adapter, if any, changes the model. */
public final class AdapterArgument {
  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      description =
          "An adapter of the model in PEFT's files, or a run that trained one: then its latest checkpoint.")
  private @Nullable Path name;

  private AdapterArgument() {}

  /** Loads a model, with the adapter active if there is one. */
  public LanguageModel load(Path model) {
    return load(model, DType.FLOAT32);
  }

  /** As {@link #load(Path)} with the model's weights kept in {@code type}. */
  public LanguageModel load(Path model, DType type) {
    Path adapter = name;
    return adapter == null
        ? LanguageModel.load(model, type)
        : LanguageModel.withAdapter(model, folder(adapter), type);
  }

  private static Path folder(Path path) {
    return Files.exists(path.resolve("config.yaml"))
        ? RunFolder.open(path).checkpoints().latest().map(Checkpoint::path).orElse(path)
        : path;
  }
}
