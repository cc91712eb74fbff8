package org.attune.cli.quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.attune.cli.quickstart.StoryWriter.Continuation;
import org.attune.tensor.Workers;
import org.attune.train.evaluate.Distinct;
import org.attune.train.evaluate.Estimate;
import org.attune.train.evaluate.Lengths;
import org.attune.train.evaluate.PairedBootstrap;
import org.attune.train.evaluate.SequenceKl;
import org.attune.train.ppo.RewardFunction;
import org.attune.train.session.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Three models on the same unseen beginnings: the base model, after SFT, and after PPO.
 *
 * @param seed of sampling, the same for all three, and of the bootstrap
 */
record QuickstartEvaluation(
    List<String> prompts, Figures base, Figures sft, Figures ppo, long seed) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What a model wrote, and what was measured of it.
   *
   * @param texts continuations
   * @param rewards by the reward model, one for each text
   * @param valences by the word list, one for each text
   * @param kl to the SFT model
   * @param distinct2 on as many tokens as the other models'
   */
  record Figures(
      List<String> texts,
      double[] rewards,
      double[] valences,
      double kl,
      double distinct2,
      Lengths lengths) {
    double reward() {
      return mean(rewards);
    }

    double valence() {
      return mean(valences);
    }

    private static double mean(double[] values) {
      return Arrays.stream(values).average().orElse(Double.NaN);
    }
  }

  /** The directories of the three models. */
  record Models(Path base, Path sft, Path ppo) {}

  QuickstartEvaluation {
    prompts = List.copyOf(prompts);
  }

  static QuickstartEvaluation of(
      Models models,
      List<String> prompts,
      RewardFunction rewardModel,
      Valence valence,
      long seed,
      Progress progress) {
    try (Workers workers = Workers.forMachine();
        StoryWriter base = StoryWriter.open(models.base, workers);
        StoryWriter sft = StoryWriter.open(models.sft, workers);
        StoryWriter ppo = StoryWriter.open(models.ppo, workers)) {
      List<StoryWriter> writers = List.of(base, sft, ppo);
      List<List<Continuation>> written =
          writers.stream().map(writer -> writer.write(prompts, seed)).toList();
      double[] distinct =
          Distinct.bigrams(written.stream().map(QuickstartEvaluation::tokens).toList());
      Figures[] figures = new Figures[writers.size()];
      for (int i = 0; i < figures.length; i++) {
        List<Continuation> own = written.get(i);
        List<String> texts = own.stream().map(Continuation::text).toList();
        figures[i] =
            new Figures(
                texts,
                rewardModel.score(prompts, texts),
                texts.stream().mapToDouble(valence::of).toArray(),
                SequenceKl.of(
                    writers.get(i).replica(),
                    sft.replica(),
                    workers,
                    own.stream().map(Continuation::prompt).toList(),
                    tokens(own)),
                distinct[i],
                Lengths.of(own.stream().map(Continuation::generation).toList()));
        progress.report("Evaluation", i + 1, figures.length, Map.of());
      }
      return new QuickstartEvaluation(prompts, figures[0], figures[1], figures[2], seed);
    }
  }

  private static List<int[]> tokens(List<Continuation> continuations) {
    return continuations.stream().map(continuation -> continuation.generation().tokens()).toList();
  }

  /** How much higher the reward model scores the tuned model's texts than the SFT model's. */
  Estimate rewardGain() {
    return PairedBootstrap.meanDifference(sft.rewards, ppo.rewards, seed);
  }

  /** The same by the word list. */
  Estimate valenceGain() {
    return PairedBootstrap.meanDifference(sft.valences, ppo.valences, seed);
  }

  /** What SFT alone did to the reward. */
  Estimate rewardGainOfSft() {
    return PairedBootstrap.meanDifference(base.rewards, sft.rewards, seed);
  }

  /** What SFT alone did to the valence. */
  Estimate valenceGainOfSft() {
    return PairedBootstrap.meanDifference(base.valences, sft.valences, seed);
  }

  Verdict verdict() {
    return Verdict.of(
        new Verdict.Findings(
            prompts.size(),
            rewardGain(),
            valenceGain(),
            ppo.distinct2 / sft.distinct2,
            sft.lengths,
            ppo.lengths));
  }

  /** One line of JSON for every beginning, with all three continuations. */
  String samples() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < prompts.size(); i++) {
      ObjectNode line =
          JSON.createObjectNode()
              .put("id", i + 1)
              .put("prompt", prompts.get(i))
              .put("base", base.texts.get(i))
              .put("sft", sft.texts.get(i))
              .put("ppo", ppo.texts.get(i));
      lines.append(text(line)).append('\n');
    }
    return lines.toString();
  }

  /**
   * What the whole run came to, beside the evaluation itself.
   *
   * @param peakRssMb null where the system does not tell
   */
  record Run(
      double seconds,
      @Nullable Double peakRssMb,
      long seed,
      Estimate rewardModelAccuracy,
      Path model) {}

  /** All figures as JSON. */
  String summary(Run run) {
    ObjectNode summary = JSON.createObjectNode();
    summary.put("seconds", run.seconds);
    summary.put("peak_rss_mb", run.peakRssMb);
    summary.put("prompts", prompts.size());
    summary.set("reward_model_accuracy", estimate(run.rewardModelAccuracy));
    summary.set("reward", each(Figures::reward));
    summary.set("valence", each(Figures::valence));
    ObjectNode gain = summary.putObject("ppo_minus_sft");
    gain.set("reward", estimate(rewardGain()));
    gain.set("valence", estimate(valenceGain()));
    summary.set("distinct_2", each(Figures::distinct2));
    summary.set("ends", each(figures -> figures.lengths.ends()));
    summary.put("model", run.model.toString());
    summary.set("mean_tokens", each(figures -> figures.lengths.meanTokens()));
    summary.set("kl_to_sft", each(Figures::kl));
    summary.put("verdict", verdict().outcome().name().toLowerCase(Locale.ROOT));
    summary.put("seed", run.seed);
    return text(summary);
  }

  private ObjectNode each(ToDoubleFunction<Figures> figure) {
    return JSON.createObjectNode()
        .put("base", figure.applyAsDouble(base))
        .put("sft", figure.applyAsDouble(sft))
        .put("ppo", figure.applyAsDouble(ppo));
  }

  private static ObjectNode estimate(Estimate estimate) {
    return JSON.createObjectNode()
        .put("value", estimate.value())
        .put("low", estimate.low())
        .put("high", estimate.high());
  }

  private static String text(ObjectNode json) {
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of texts and numbers is always JSON.", e);
    }
  }
}
