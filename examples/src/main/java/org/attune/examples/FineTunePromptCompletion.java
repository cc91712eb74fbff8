package org.attune.examples;

import java.nio.file.Path;
import java.util.Map;
import org.attune.data.Dataset;
import org.attune.data.Row;
import org.attune.run.sft.SftConfig;
import org.attune.train.sft.SftTrainer;

/** Fine-tunes a model on completions of prompts: it learns the completions and not the prompts. */
public final class FineTunePromptCompletion {
  private FineTunePromptCompletion() {}

  public static void main(String[] arguments) {
    ExampleFolders folders = ExampleFolders.of(arguments, "fine-tune-prompt-completion");
    Dataset dataset = CollectSftData.collect(CuratedInstructions.read(folders));
    Path model = run(dataset, folders.model(), folders.out(), 100);
    System.out.println("The fine-tuned model is in " + model);
  }

  /** A completion follows its prompt directly, so the space between them is part of it. */
  static Map<String, String> sample(Row row) {
    return Map.of(
        "prompt",
            "### Instruction: " + row.text("instruction") + " ### Context: " + row.text("context"),
        "completion", " ### Response: " + row.text("response"));
  }

  static Path run(Dataset dataset, Path model, Path runFolder, int steps) {
    Dataset samples = dataset.map(FineTunePromptCompletion::sample);
    SftConfig config =
        SftConfig.builder()
            .runDir(runFolder)
            .model(model.toString())
            .training(training -> training.maxSteps(steps).batchSize(16))
            .optimizer(optimizer -> optimizer.learningRate(1e-3))
            .maxLength(256)
            .build();
    return SftTrainer.of(config).on(samples).train();
  }
}
