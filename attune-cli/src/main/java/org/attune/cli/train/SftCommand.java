package org.attune.cli.train;

import java.util.concurrent.Callable;
import org.attune.run.sft.SftConfig;
import org.attune.train.sft.SftTrainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code attune train sft}. */
@Command(
    name = "sft",
    description = "Fits a language model to texts, or to completions of prompts.",
    footer = {
      "",
      "A configuration:",
      "  run-dir: runs/stories",
      "  model: bundled/stories260k",
      "  data: {train: [stories.jsonl]}",
      "  sft: {packing: bfd}"
    })
final class SftCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RunArguments run;

  @Override
  public Integer call() throws Exception {
    return run.train(
        SftConfig.class,
        spec.commandLine(),
        (config, mode, progress, stop) ->
            SftTrainer.of(config).mode(mode).progress(progress).stoppingOn(stop).train());
  }
}
