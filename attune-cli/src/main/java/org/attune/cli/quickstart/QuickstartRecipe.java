package org.attune.cli.quickstart;

import java.nio.file.Path;
import org.attune.run.OptimizerType;
import org.attune.run.ScheduleType;
import org.attune.run.TrainingConfig;
import org.attune.run.ppo.KlControl;
import org.attune.run.ppo.PpoConfig;
import org.attune.run.reward.Encoding;
import org.attune.run.reward.RewardConfig;
import org.attune.run.sft.SftConfig;

/**
 * All settings of the quickstart in one place.
 *
 * @param model the base model's directory
 * @param seed of every random choice
 */
record QuickstartRecipe(QuickstartFiles files, Path model, long seed, Scale scale) {
  /** The cap on new tokens, the same in training and for every evaluated model. */
  static final int MAX_NEW_TOKENS = 48;

  /**
   * How much of everything.
   *
   * @param heldOutBeginnings beginnings to evaluate on
   * @param startSamples continuations of the SFT model that the reward is standardised by
   */
  record Scale(
      int heldOutBeginnings,
      Comparisons.Counts comparisons,
      int sftSteps,
      int rewardSteps,
      int ppoSteps,
      int startSamples) {
    static final Scale FULL =
        new Scale(400, new Comparisons.Counts(22_400, 1_500, 3_000), 250, 350, 60, 512);
  }

  SftConfig sft() {
    return SftConfig.builder()
        .runDir(files.run("sft"))
        .model(model.toString())
        .data(data -> data.train(files.stories()).eval(files.heldOutStories()))
        .training(
            training ->
                portions(training, scale.sftSteps, 32).maxGradNorm(1).evalSteps(scale.sftSteps))
        .optimizer(optimizer -> optimizer.learningRate(1e-3))
        .schedule(schedule -> schedule.type(ScheduleType.LINEAR))
        .completionOnlyLoss(true)
        .build();
  }

  RewardConfig reward() {
    return RewardConfig.builder()
        .runDir(files.run("reward"))
        .model(model.toString())
        .data(data -> data.train(files.comparisons()))
        // in the order of the file, where neighbours share their sentences
        .training(
            training -> portions(training, scale.rewardSteps, 64).maxGradNorm(1).shuffle(false))
        .optimizer(optimizer -> optimizer.learningRate(1.2e-3))
        .schedule(schedule -> schedule.type(ScheduleType.LINEAR))
        .maxLength(256)
        .encoding(Encoding.CONCATENATE)
        .build();
  }

  /**
   * @param start the SFT model's scores on beginnings that training sees
   */
  PpoConfig ppo(Path sftModel, Path rewardModel, Scores start) {
    return PpoConfig.builder()
        .runDir(files.run("ppo"))
        .model(sftModel.toString())
        .rewardModel(rewardModel.toString())
        .data(data -> data.train(files.prompts()))
        .training(training -> portions(training, scale.ppoSteps, 64).maxGradNorm(0.5))
        .optimizer(optimizer -> optimizer.type(OptimizerType.ADAM).learningRate(1.5e-4))
        .schedule(schedule -> schedule.type(ScheduleType.CONSTANT))
        .miniBatchSize(32)
        .ppoEpochs(2)
        // rewards have deviation 1 here, so a fixed weight bounds how far the policy can profitably
        // go; adaptive control is too slow for this few steps, and some seeds go too far without a
        // limit
        .klControl(KlControl.FIXED)
        .initKlCoefficient(0.12)
        .stopAtKl(9.0)
        .rewardMean(start.mean())
        .rewardStd(start.deviation())
        .scoreClip(3.0)
        .maxNewTokens(MAX_NEW_TOKENS)
        .temperature(1)
        .topK(0)
        .topP(1)
        .build();
  }

  private TrainingConfig.Builder portions(TrainingConfig.Builder training, int steps, int batch) {
    return training.maxSteps(steps).batchSize(batch).loggingSteps(5).saveSteps(0).seed(seed);
  }
}
