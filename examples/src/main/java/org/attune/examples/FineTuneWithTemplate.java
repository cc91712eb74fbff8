package org.attune.examples;

import java.nio.file.Path;
import org.attune.data.Dataset;
import org.attune.data.Row;
import org.attune.run.sft.Packing;
import org.attune.run.sft.SftConfig;
import org.attune.train.sft.SftTrainer;

/** Fine-tunes a model on instructions, each written out by a template, packed into sequences. */
public final class FineTuneWithTemplate {
  private FineTuneWithTemplate() {}

  public static void main(String[] arguments) {
    ExampleFolders folders = ExampleFolders.of(arguments, "fine-tune-with-template");
    Dataset dataset = CollectSftData.collect(CuratedInstructions.read(folders));
    Path model = run(dataset, folders.model(), folders.out(), 100);
    System.out.println("The fine-tuned model is in " + model);
  }

  static String format(Row row) {
    return "### Instruction: "
        + row.text("instruction")
        + "\n### Context: "
        + row.text("context")
        + "\n### Response: "
        + row.text("response");
  }

  static Path run(Dataset dataset, Path model, Path runFolder, int steps) {
    SftConfig config =
        SftConfig.builder()
            .runDir(runFolder)
            .model(model.toString())
            .training(training -> training.maxSteps(steps).batchSize(8))
            .optimizer(optimizer -> optimizer.learningRate(1e-3))
            .maxLength(256)
            .packing(Packing.BFD)
            .build();
    return SftTrainer.of(config).on(dataset).formatting(FineTuneWithTemplate::format).train();
  }
}
