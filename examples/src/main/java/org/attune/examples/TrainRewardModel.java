package org.attune.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attune.data.Dataset;
import org.attune.data.Row;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.model.tokenizer.PairEncoding;
import org.attune.model.tokenizer.SequenceEncoder;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.run.reward.RewardConfig;
import org.attune.train.reward.RewardTrainer;

/**
 * Trains a model that scores responses as people would: of each record it learns that the response
 * that an annotator wrote is better than the one that they found.
 */
public final class TrainRewardModel {
  private static final int MAX_LENGTH = 256;

  private TrainRewardModel() {}

  public static void main(String[] arguments) {
    ExampleFolders folders = ExampleFolders.of(arguments, "train-reward-model");
    Dataset pairs = collect(CuratedInstructions.read(folders));
    Path model = run(texts(pairs), folders.model(), folders.out(), 100);
    System.out.println("The reward model is in " + model);
  }

  /** A row for each response that was corrected. */
  static Dataset collect(FeedbackDataset feedback) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (FeedbackRecord record : feedback) {
      String original = record.text("original-response");
      record
          .submitted()
          .findFirst()
          .filter(response -> !original.equals(CollectSftData.answer(response, "new-response")))
          .ifPresent(
              response ->
                  rows.add(
                      Map.of(
                          "instruction", CollectSftData.answer(response, "new-instruction"),
                          "context", CollectSftData.answer(response, "new-context"),
                          "poorer_response", original,
                          "better_response", CollectSftData.answer(response, "new-response"))));
    }
    return Dataset.fromRows(rows)
        .select("instruction", "context", "poorer_response", "better_response");
  }

  static String prompt(Row row) {
    return row.text("instruction") + "\n" + row.text("context") + "\n";
  }

  /** The pairs as texts, which the trainer tokenizes. */
  static Dataset texts(Dataset pairs) {
    return pairs.map(
        row ->
            Map.of(
                "prompt", prompt(row),
                "chosen", row.text("better_response"),
                "rejected", row.text("poorer_response")));
  }

  /** The same pairs as tokens, for who wants to tokenize them in their own way. */
  static Dataset tokens(Dataset pairs, Path model) {
    // as the trainer does it: the response right after the prompt, and the end token after both
    SequenceEncoder encoder =
        new SequenceEncoder(PairEncoding.CONCATENATE, /* appendEos= */ true, MAX_LENGTH);
    try (Tokenizer tokenizer = Tokenizer.load(model)) {
      return pairs.map(
          row -> {
            int[] chosen =
                encoder.encode(tokenizer, prompt(row), row.text("better_response")).ids();
            int[] rejected =
                encoder.encode(tokenizer, prompt(row), row.text("poorer_response")).ids();
            // a mask is 0 where a sequence is padded; here nothing needs padding
            return Map.of(
                "input_ids_chosen", IntStream.of(chosen).boxed().toList(),
                "attention_mask_chosen", Collections.nCopies(chosen.length, 1),
                "input_ids_rejected", IntStream.of(rejected).boxed().toList(),
                "attention_mask_rejected", Collections.nCopies(rejected.length, 1));
          });
    }
  }

  static Path run(Dataset rows, Path model, Path runFolder, int steps) {
    RewardConfig config =
        RewardConfig.builder()
            .runDir(runFolder)
            .model(model.toString())
            .training(training -> training.maxSteps(steps).batchSize(16))
            .optimizer(optimizer -> optimizer.learningRate(1e-3))
            .maxLength(MAX_LENGTH)
            .build();
    return RewardTrainer.of(config).on(rows).train();
  }
}
