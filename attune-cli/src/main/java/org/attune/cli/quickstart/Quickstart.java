package org.attune.cli.quickstart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.attune.cli.quickstart.QuickstartRecipe.Scale;
import org.attune.cli.quickstart.StoryBeginnings.Beginning;
import org.attune.cli.quickstart.StoryWriter.Continuation;
import org.attune.feedback.agreement.Agreement;
import org.attune.model.pipeline.TextClassifier;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.run.RunConfig;
import org.attune.run.folder.Hashes;
import org.attune.run.folder.RunFolderException;
import org.attune.run.ppo.PpoConfig;
import org.attune.run.report.Numbers;
import org.attune.run.report.ReportWriter;
import org.attune.run.reward.RewardConfig;
import org.attune.run.sft.SftConfig;
import org.attune.run.yaml.ConfigWriter;
import org.attune.tensor.Workers;
import org.attune.train.evaluate.Estimate;
import org.attune.train.ppo.PpoTrainer;
import org.attune.train.reward.RewardTrainer;
import org.attune.train.session.Progress;
import org.attune.train.sft.SftTrainer;

/**
 * The whole loop: people said which sentences feel good; now a story-writing model tells kinder
 * stories.
 *
 * <p>Every step is what a command does. The settings that each training had stand beside its run,
 * so that {@code attune train} can repeat it.
 */
final class Quickstart {
  private final Path bundled;
  private final QuickstartFiles files;
  private final long seed;
  private final Scale scale;
  private final Narrator narrator;
  private final Progress progress;

  /**
   * @param bundled the data that the project carries
   * @param seed of every random choice
   */
  Quickstart(
      Path bundled,
      QuickstartFiles files,
      long seed,
      Scale scale,
      Narrator narrator,
      Progress progress) {
    this.bundled = bundled;
    this.files = files;
    this.seed = seed;
    this.scale = scale;
    this.narrator = narrator;
    this.progress = progress;
  }

  /** Runs all steps, and writes samples, summary and report. */
  QuickstartReport run() {
    long start = System.nanoTime();
    Path baseModel = bundled.resolve("stories260k");
    QuickstartRecipe recipe = new QuickstartRecipe(files, baseModel, seed, scale);
    RatedSentences sentences = collectFeedback();
    StoryBeginnings beginnings = cutStories(baseModel);
    Path sftModel = trainSft(recipe.sft());
    Comparisons comparisons = compare(sentences);
    Path rewardModel = trainReward(recipe.reward());
    try (TextClassifier rewards = TextClassifier.load(rewardModel)) {
      Estimate accuracy = measure(rewards, comparisons);
      PpoConfig ppo = recipe.ppo(sftModel, rewardModel, startScores(sftModel, beginnings, rewards));
      Path ppoModel = trainPpo(ppo);
      QuickstartEvaluation evaluation =
          evaluate(
              new QuickstartEvaluation.Models(baseModel, sftModel, ppoModel), beginnings, rewards);
      QuickstartEvaluation.Run run =
          new QuickstartEvaluation.Run(
              (System.nanoTime() - start) / 1e9, PeakMemory.mebibytes(), seed, accuracy, ppoModel);
      QuickstartReport report =
          new QuickstartReport(
              files, sentences, comparisons, evaluation, run, hashOfWeights(ppoModel));
      QuickstartFiles.write(files.samples(), evaluation.samples());
      QuickstartFiles.write(files.summary(), evaluation.summary(run) + "\n");
      QuickstartFiles.write(files.report(), ReportWriter.write(report.report()));
      return report;
    }
  }

  private RatedSentences collectFeedback() {
    narrator.step(
        "What people said",
        "People rated how sentences from film reviews feel; every single rating goes into a"
            + " feedback dataset.");
    RatedSentences sentences =
        RatedSentences.store(bundled.resolve("vader-sentiment"), files.feedback());
    Agreement agreement = sentences.agreement();
    Double alpha = agreement.alpha();
    narrator.result(
        "%s sentences, %s ratings; agreement (Krippendorff's alpha, %s) %s"
            .formatted(
                Numbers.whole(sentences.sentences().size()),
                Numbers.whole(sentences.ratings()),
                agreement.distance(),
                Numbers.decimal(alpha == null ? Double.NaN : alpha, 2)));
    return sentences;
  }

  private StoryBeginnings cutStories(Path baseModel) {
    narrator.step(
        "Supervised fine-tuning (SFT)",
        "The base model never stops after two sentences; it learns to from the beginnings of"
            + " stories and how they go on.");
    try (Tokenizer tokenizer = Tokenizer.load(baseModel)) {
      StoryBeginnings beginnings =
          StoryBeginnings.cut(
              bundled.resolve("tinystories-sample/tinystories_sample.txt.gz"),
              tokenizer,
              scale.heldOutBeginnings(),
              seed);
      beginnings.write(files);
      narrator.result(
          "%s beginnings to learn from, %s held out"
              .formatted(
                  Numbers.whole(beginnings.train().size()),
                  Numbers.whole(beginnings.heldOut().size())));
      return beginnings;
    }
  }

  private Path trainSft(SftConfig config) {
    save("sft", config);
    return SftTrainer.of(config).progress(progress).train();
  }

  private Comparisons compare(RatedSentences sentences) {
    narrator.step(
        "Reward model",
        "Pairs of sentences that people rated differently teach a model to score how any text"
            + " feels.");
    Comparisons comparisons = Comparisons.of(sentences.sentences(), scale.comparisons(), seed);
    comparisons.write(files);
    return comparisons;
  }

  private Path trainReward(RewardConfig config) {
    save("reward", config);
    return RewardTrainer.of(config).progress(progress).train();
  }

  private Estimate measure(TextClassifier rewards, Comparisons comparisons) {
    Estimate accuracy = comparisons.accuracy(rewards.scores(comparisons.heldOutSentences()), seed);
    narrator.result(
        "agrees with people on %s %% of %s held-out pairs (95 %% interval %s–%s)"
            .formatted(
                Numbers.decimal(100 * accuracy.value(), 1),
                Numbers.whole(comparisons.heldOut().size()),
                Numbers.decimal(100 * accuracy.low(), 1),
                Numbers.decimal(100 * accuracy.high(), 1)));
    return accuracy;
  }

  /**
   * Scores before training, on beginnings that training sees: those that are evaluated stay unseen.
   */
  private Scores startScores(Path sftModel, StoryBeginnings beginnings, TextClassifier rewards) {
    narrator.step(
        "Reinforcement learning (PPO)",
        "The model writes, the reward model scores, and what scored well becomes likelier; a KL"
            + " penalty keeps it near the SFT model.");
    List<String> prompts =
        beginnings.train().stream().map(Beginning::prompt).limit(scale.startSamples()).toList();
    try (Workers workers = Workers.forMachine();
        StoryWriter writer = StoryWriter.open(sftModel, workers)) {
      List<String> texts = writer.write(prompts, seed).stream().map(Continuation::text).toList();
      return Scores.of(rewards.scores(prompts, texts));
    }
  }

  private Path trainPpo(PpoConfig config) {
    save("ppo", config);
    return PpoTrainer.of(config).progress(progress).train();
  }

  private QuickstartEvaluation evaluate(
      QuickstartEvaluation.Models models, StoryBeginnings beginnings, TextClassifier rewards) {
    narrator.step(
        "Did it work?",
        "All three models continue the same unseen beginnings; besides the reward model, a word"
            + " list that no training saw judges them.");
    return QuickstartEvaluation.of(
        models,
        beginnings.heldOut().stream().map(Beginning::prompt).toList(),
        rewards::scores,
        Valence.read(bundled.resolve("vader-sentiment/vader_lexicon.txt.gz")),
        seed,
        progress);
  }

  private void save(String training, RunConfig config) {
    QuickstartFiles.write(files.configuration(training), ConfigWriter.write(config));
  }

  private static String hashOfWeights(Path model) {
    Path weights = model.resolve("model.safetensors");
    try {
      return Hashes.sha256(weights);
    } catch (IOException e) {
      throw new RunFolderException(
          "%s cannot be read (%s). Run the quickstart again.".formatted(weights, e), e);
    }
  }
}
