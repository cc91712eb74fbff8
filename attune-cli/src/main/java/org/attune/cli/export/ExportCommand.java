package org.attune.cli.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.attune.cli.generate.AdapterArgument;
import org.attune.cli.generate.ModelFolder;
import org.attune.cli.terminal.JsonOutput;
import org.attune.data.InvalidInputException;
import org.attune.model.export.ExportProof;
import org.attune.model.export.ExportRequest;
import org.attune.model.export.ExportType;
import org.attune.model.export.ModelExport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune export}: a model in another form, proven to say the same. */
@Command(
    name = "export",
    description = "Writes a model in another form, and proves that it still says the same.",
    footer = {
      "",
      "The exported model is loaded and compared with its source on held-out prompts; if it differs",
      "by more than its type allows, nothing is left behind. An adapter is merged. The result is in export.json.",
      "",
      "Examples:",
      "  attune export --model runs/sft --to tuned.gguf --type q8_0",
      "  attune export --model base --adapter runs/lora --to merged --type bf16"
    })
public final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description = "A model's directory, a GGUF file, or a run's directory.")
  private String model = "";

  @Mixin private AdapterArgument adapter;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "TARGET",
      description = "A new folder, or a new file that ends in .gguf.")
  private Path target = Path.of("");

  @Option(
      names = "--type",
      description = "${COMPLETION-CANDIDATES}; default f16. The last two only as GGUF.")
  private ExportType type = ExportType.F16;

  @Option(
      names = "--max-shard-size",
      paramLabel = "SIZE",
      description = "Largest file of a folder, such as 500MB; default 5GB.")
  private String maxShardSize = ExportRequest.DEFAULT_MAX_SHARD_SIZE;

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description = "Prompts to compare on, one in a line, in place of Attune's own.")
  private @Nullable Path prompts;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  private ExportCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Path base = ModelFolder.find(model);
    ExportRequest usual = ExportRequest.withDefaults(target, type);
    ExportRequest request =
        new ExportRequest(
            target, type, maxShardSize, prompts == null ? usual.prompts() : read(prompts));
    ExportProof proof = ModelExport.run(() -> adapter.load(base), request);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("target", target.toString());
    result.put("type", type.toString());
    result.put("texts", proof.texts());
    result.put("outputs", proof.outputs());
    result.put("mean_difference", proof.meanDifference());
    result.put("max_difference", proof.largestDifference());
    result.put("same_likeliest", proof.sameLikeliest());
    if (json) {
      JsonOutput.print(out, result);
    } else {
      result.forEach((name, value) -> out.println(name + ": " + value));
      out.flush();
    }
    return 0;
  }

  private static List<String> read(Path file) {
    List<String> lines;
    try {
      lines = Files.readString(file, UTF_8).lines().filter(line -> !line.isBlank()).toList();
    } catch (IOException e) {
      throw new InvalidInputException(
          "--prompts %s cannot be read: %s (%s). Name a text file with one prompt in a line."
              .formatted(file, e.getClass().getSimpleName(), e.getMessage()),
          e);
    }
    if (lines.isEmpty()) {
      throw new InvalidInputException(
          "--prompts %s has no prompt. Write one in a line.".formatted(file));
    }
    return lines;
  }
}
