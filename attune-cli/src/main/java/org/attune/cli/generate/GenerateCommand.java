package org.attune.cli.generate;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.attune.cli.terminal.JsonOutput;
import org.attune.model.generate.Generation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune generate}: continues a prompt. */
@Command(
    name = "generate",
    description = "Continues a prompt.",
    footer = {
      "",
      "Examples:",
      "  attune generate --model bundled/stories260k --prompt \"Once upon a time\" --temperature 0",
      "  attune generate --model runs/sft --prompt - --json < prompt.txt"
    })
public final class GenerateCommand implements Callable<Integer> {
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

  @Option(names = "--json", description = "Prints token ids and the reason of the end as well.")
  private boolean json;

  private GenerateCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    String text = PromptText.of(prompt);
    try (TextWriter writer =
        TextWriter.of(adapter.load(model.folder()), ModelArgument.type(dtype))) {
      int[] ids = writer.encode(text);
      Continuation continuation =
          new Continuation(
              writer.tokenizer(),
              ids,
              piece -> {
                if (!json) {
                  out.print(piece);
                  out.flush();
                }
              });
      Generation written =
          writer.write(ids, sampling.over(writer.model().generationDefaults()), continuation);
      continuation.end();
      if (json) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("prompt", text);
        result.put("completion", continuation.text());
        result.put("token_ids", written.tokens());
        result.put("finish_reason", written.reason().name().toLowerCase(Locale.ROOT));
        JsonOutput.print(out, result);
      } else {
        out.println();
      }
    }
    return 0;
  }
}
