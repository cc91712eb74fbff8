package org.attune.cli.generate;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.attune.cli.terminal.JsonOutput;
import org.attune.model.LanguageModel;
import org.attune.model.generate.Generation;
import org.attune.model.generate.SamplingConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune generate}: continues a prompt. */
@Command(
    name = "generate",
    description = {
      "Continues a prompt.",
      "What is not given here is as the model's generation_config.json says."
    },
    footer = {
      "",
      "Examples:",
      "  attune generate --model bundled/stories260k --prompt \"Once upon a time\" --temperature 0",
      "  attune generate --model runs/sft --prompt \"One day\" --temperature 0.8 --samples 4",
      "  attune generate --model runs/sft --prompt \"One day\" --beams 4 --stop \".\" --json",
      "  attune generate --model runs/sft --prompt - --json < prompt.txt"
    })
public final class GenerateCommand implements Callable<Integer> {
  private static final String NOTHING_WRITTEN =
      "The model ended the text at once. If it answers messages, use attune chat.";

  @Spec private CommandSpec spec;
  @Mixin private ModelArgument model;
  @Mixin private AdapterArgument adapter;
  @Mixin private SamplingArguments sampling;

  @Option(
      names = "--prompt",
      required = true,
      paramLabel = "TEXT",
      description = "What to continue; - reads standard input.")
  private String prompt = "";

  @Option(names = "--dtype", description = "${COMPLETION-CANDIDATES}; default fp32.")
  private ModelArgument.Dtype dtype = ModelArgument.Dtype.FP32;

  @Option(
      names = "--json",
      description = "Prints token ids and the reason of the end as well; a line for each sample.")
  private boolean json;

  private GenerateCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    String text = PromptText.of(prompt);
    try (TextWriter writer =
        TextWriter.of(
            adapter.load(model.folder(), ModelArgument.type(dtype)), ModelArgument.type(dtype))) {
      SamplingConfig config = sampling.over(writer.model());
      Completions completions = new Completions(config.samplesPerPrompt(), json ? null : out);
      List<Generation> written = writer.write(writer.encode(text), config, completions);
      for (int sample = 0; sample < written.size(); sample++) {
        if (json) {
          JsonOutput.print(out, result(text, completions.text(sample), written.get(sample)));
        } else {
          completions.print(sample, out);
        }
      }
      if (!json && written.stream().allMatch(each -> isOnlyAnEnd(each, writer.model()))) {
        spec.commandLine().getErr().println(NOTHING_WRITTEN);
      }
    }
    return 0;
  }

  private static boolean isOnlyAnEnd(Generation generation, LanguageModel model) {
    return generation.tokens().length == 1 && model.endIds().contains(generation.tokens()[0]);
  }

  private static Map<String, Object> result(
      String prompt, String completion, Generation generation) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("prompt", prompt);
    result.put("completion", completion);
    result.put("token_ids", generation.tokens());
    result.put("finish_reason", generation.reason().name().toLowerCase(Locale.ROOT));
    generation.score().ifPresent(score -> result.put("score", score));
    return result;
  }
}
