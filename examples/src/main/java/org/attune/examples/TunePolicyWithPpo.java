package org.attune.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.attune.data.Dataset;
import org.attune.data.Row;
import org.attune.feedback.FeedbackDataset;
import org.attune.model.generate.SamplingConfig;
import org.attune.model.pipeline.TextClassifier;
import org.attune.model.tokenizer.SkipSpecial;
import org.attune.run.ppo.PpoConfig;
import org.attune.train.ppo.LengthSampler;
import org.attune.train.ppo.PpoStats;
import org.attune.train.ppo.PpoTrainer;

/**
 * Lets a model write, scores what it wrote with a reward model, and makes what scored well
 * likelier, in a loop of one's own. {@code PpoTrainer.of(config).on(prompts).train()} is the same
 * without one.
 */
public final class TunePolicyWithPpo {
  private TunePolicyWithPpo() {}

  public static void main(String[] arguments) {
    ExampleFolders folders = ExampleFolders.of(arguments, "tune-policy-with-ppo");
    Path out = folders.out();
    FeedbackDataset feedback = CuratedInstructions.read(folders);
    Dataset dataset = CollectSftData.collect(feedback);
    Dataset pairs = TrainRewardModel.texts(TrainRewardModel.collect(feedback));
    Path rewardModel = TrainRewardModel.run(pairs, folders.model(), out.resolve("reward"), 100);
    Path policy = run(dataset, folders.model(), rewardModel, out.resolve("ppo"), 20);
    System.out.println("The tuned policy is in " + policy);
  }

  static Path run(Dataset dataset, Path model, Path rewardModel, Path runFolder, int steps) {
    PpoConfig config =
        PpoConfig.builder()
            .runDir(runFolder)
            .model(model.toString())
            .training(training -> training.batchSize(16).maxSteps(steps))
            .miniBatchSize(8)
            .build();
    LengthSampler queryLength = new LengthSampler(2, 8, 1);
    LengthSampler responseLength = new LengthSampler(4, 16, 2);

    try (PpoTrainer ppo = PpoTrainer.open(config);
        TextClassifier rewardPipe = TextClassifier.load(rewardModel)) {
      List<int[]> allQueries =
          dataset.toList().stream().map(row -> query(row, ppo, queryLength)).toList();
      for (int step = 0; step < steps; step++) {
        List<int[]> queries = batch(allQueries, step, config.training().batchSize());

        // 1. responses of the policy, each of another length
        List<int[]> responses = new ArrayList<>();
        for (int[] query : queries) {
          SamplingConfig sampling =
              ppo.sampling(responses.size() + 1_000L * step).toBuilder()
                  .maxNewTokens(responseLength.getAsInt())
                  .build();
          responses.addAll(ppo.generate(List.of(query), sampling));
        }

        // 2. what the reward model thinks of them
        List<String> asked = new ArrayList<>();
        List<String> answered = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
          asked.add(ppo.tokenizer().decode(queries.get(i), SkipSpecial.YES));
          answered.add(ppo.completion(queries.get(i), responses.get(i)));
          texts.add(asked.get(i) + answered.get(i));
        }
        double[] rewards = rewardPipe.scores(texts);

        // 3. one step of PPO
        PpoStats stats = ppo.step(queries, responses, rewards);
        ppo.logStats(stats, asked, answered, rewards);
      }
      return ppo.finish();
    }
  }

  /** The first tokens of a row. */
  private static int[] query(Row row, PpoTrainer ppo, LengthSampler length) {
    String text = row.text("instruction") + row.text("context") + row.text("response");
    int[] ids = ppo.tokenizer().encode(text);
    return Arrays.copyOf(ids, Math.min(ids.length, length.getAsInt()));
  }

  /** The next queries; after the last come the first ones again. */
  private static List<int[]> batch(List<int[]> queries, int step, int size) {
    List<int[]> batch = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      batch.add(queries.get((step * size + i) % queries.size()));
    }
    return batch;
  }
}
