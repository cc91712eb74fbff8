package org.attune.cli.quickstart;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.RunFolder;
import org.attune.run.report.Numbers;
import org.attune.run.report.Report;
import org.attune.tensor.Machine;
import org.attune.train.evaluate.Estimate;

/**
 * What the quickstart came to, as a report.
 *
 * @param modelHash SHA-256 of the final model's weights
 */
record QuickstartReport(
    QuickstartFiles files,
    RatedSentences sentences,
    Comparisons comparisons,
    QuickstartEvaluation evaluation,
    QuickstartEvaluation.Run run,
    String modelHash) {
  private static final int SHOWN_SAMPLES = 3;
  private static final int SHOWN_HASH = 8;

  Report report() {
    Verdict verdict = evaluation.verdict();
    return new Report(
        verdict.title(),
        "quickstart",
        facts(),
        verdict.shown(),
        intervals(),
        curves(),
        samples(),
        lineage(),
        next());
  }

  private List<String> facts() {
    List<String> facts = new ArrayList<>();
    long seconds = Math.round(run.seconds());
    facts.add(
        "%s min %s s on %d cores".formatted(seconds / 60, seconds % 60, Machine.processors()));
    Double peak = run.peakRssMb();
    if (peak != null) {
      facts.add(Numbers.decimal(peak / 1024, 1) + " GiB of memory");
    }
    facts.add("seed " + run.seed());
    facts.add(Numbers.whole(evaluation.prompts().size()) + " unseen beginnings");
    return facts;
  }

  private List<Report.Interval> intervals() {
    return List.of(
        interval("Reward, tuned minus SFT", evaluation.rewardGain()),
        interval("Independent valence, tuned minus SFT", evaluation.valenceGain()),
        interval("Reward, SFT minus base", evaluation.rewardGainOfSft()),
        interval("Independent valence, SFT minus base", evaluation.valenceGainOfSft()));
  }

  private static Report.Interval interval(String label, Estimate estimate) {
    return new Report.Interval(label, estimate.value(), estimate.low(), estimate.high());
  }

  private List<Report.Curve> curves() {
    Map<Integer, Map<String, Double>> sft = metrics("sft");
    Map<Integer, Map<String, Double>> ppo = metrics("ppo");
    Estimate accuracy = run.rewardModelAccuracy();
    return List.of(
        new Report.Curve(
            "1 · SFT loss",
            Numbers.decimal(last(sft, "eval_loss"), 2) + " nats per token, held out",
            points(sft, "loss")),
        new Report.Curve(
            "2 · Reward model loss",
            "%s %% of held-out pairs, %s–%s"
                .formatted(
                    percent(accuracy.value()), percent(accuracy.low()), percent(accuracy.high())),
            points(metrics("reward"), "loss")),
        new Report.Curve(
            "3 · PPO mean reward",
            "KL %s after training".formatted(Numbers.decimal(evaluation.ppo().kl(), 1)),
            points(ppo, "env/reward_mean")));
  }

  private static String percent(double share) {
    return Numbers.decimal(100 * share, 0);
  }

  private Map<Integer, Map<String, Double>> metrics(String training) {
    return new TreeMap<>(EventLog.metrics(RunFolder.open(files.run(training)).events()));
  }

  private static List<Report.Point> points(Map<Integer, Map<String, Double>> metrics, String name) {
    List<Report.Point> points = new ArrayList<>();
    metrics.forEach(
        (step, values) -> {
          Double value = values.get(name);
          if (value != null) {
            points.add(new Report.Point(step, value));
          }
        });
    return points;
  }

  private static double last(Map<Integer, Map<String, Double>> metrics, String name) {
    List<Report.Point> points = points(metrics, name);
    return points.isEmpty() ? Double.NaN : points.get(points.size() - 1).value();
  }

  /** The first ones, so that nobody picked them. */
  List<Report.Sample> samples() {
    List<Report.Sample> samples = new ArrayList<>();
    for (int i = 0; i < Math.min(SHOWN_SAMPLES, evaluation.prompts().size()); i++) {
      samples.add(
          new Report.Sample(
              evaluation.prompts().get(i),
              List.of(
                  completion("Before", evaluation.base(), i),
                  completion("After SFT", evaluation.sft(), i),
                  completion("After PPO", evaluation.ppo(), i))));
    }
    return samples;
  }

  private static Report.Completion completion(
      String model, QuickstartEvaluation.Figures figures, int index) {
    return new Report.Completion(
        model,
        figures.texts().get(index),
        "reward %s, valence %s"
            .formatted(
                Numbers.signed(figures.rewards()[index], 1),
                Numbers.signed(figures.valences()[index], 1)));
  }

  private List<Report.LineageStep> lineage() {
    return List.of(
        new Report.LineageStep(
            Numbers.whole(sentences.sentences().size()) + " sentences",
            "%s ratings by people".formatted(Numbers.whole(sentences.ratings()))),
        new Report.LineageStep("feedback dataset", "unified by mean"),
        new Report.LineageStep(
            Numbers.whole(comparisons.train().size()) + " comparisons", "Bradley–Terry"),
        new Report.LineageStep("reward model", "scores"),
        new Report.LineageStep("PPO run from the SFT model", ""),
        new Report.LineageStep(
            "checkpoint %s · sha256 %s…"
                .formatted(run.model().getFileName(), modelHash.substring(0, SHOWN_HASH)),
            ""));
  }

  List<Report.NextCommand> next() {
    Path folder = files.folder();
    return List.of(
        new Report.NextCommand("./attune chat --model " + run.model(), "talk to it"),
        new Report.NextCommand(
            "./attune feedback stats " + files.feedback(), "see what the ratings look like"),
        new Report.NextCommand(
            "./attune train ppo %s --set run-dir=%s --set training.seed=2"
                .formatted(files.configuration("ppo"), folder.resolve("ppo-2")),
            "change a setting, train again"));
  }
}
