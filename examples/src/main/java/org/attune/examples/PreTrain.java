package org.attune.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attune.data.Dataset;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.task.TrainingTask;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.run.sft.Packing;
import org.attune.run.sft.SftConfig;
import org.attune.train.sft.SftTrainer;

/** Trains a model from random weights on plain text, some of it collected as feedback. */
public final class PreTrain {
  private PreTrain() {}

  public static void main(String[] arguments) throws IOException {
    ExampleFolders folders = ExampleFolders.of(arguments, "pre-train");
    Path model = run(texts(folders), folders.model(), folders.out(), 100);
    System.out.println("The model is in " + model);
  }

  /** A dataset whose records hold sentences, and people's additions to them. */
  static FeedbackDataset feedback() {
    FeedbackDataset feedback =
        FeedbackDataset.builder()
            .guidelines("Please, complete the following prompt fields with a brief text answer.")
            .field(TextField.of("content"))
            .question(TextQuestion.of("completion"))
            .build();
    feedback.add(
        FeedbackRecord.builder()
            .field("content", "The base ingredient of paella is rice.")
            .build());
    return feedback;
  }

  /** What was collected, and stories; rows with one column, {@code text}. */
  static Dataset texts(ExampleFolders folders) {
    Dataset collected =
        feedback().prepareForTraining(TrainingTask.textGeneration("content")).train();
    Dataset stories =
        Dataset.read(
            folders.bundled().resolve("tinystories-sample").resolve("tinystories_sample.txt.gz"));
    return collected.concat(stories.where("text <> ''"));
  }

  /**
   * @param like a model whose architecture and tokenizer the new one has
   */
  static Path run(Dataset texts, Path like, Path out, int steps) throws IOException {
    Path start = Files.createDirectories(out.resolve("start"));
    try (LanguageModel model = LanguageModel.fresh(like, Head.CAUSAL, 42)) {
      model.save(start);
    }
    SftConfig config =
        SftConfig.builder()
            .runDir(out.resolve("run"))
            .model(start.toString())
            .training(training -> training.maxSteps(steps).batchSize(16))
            .optimizer(optimizer -> optimizer.learningRate(3e-3))
            .maxLength(128)
            .packing(Packing.WRAPPED)
            .build();
    return SftTrainer.of(config).on(texts).train();
  }
}
