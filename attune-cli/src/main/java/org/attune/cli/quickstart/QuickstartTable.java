package org.attune.cli.quickstart;

import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.attune.cli.quickstart.QuickstartEvaluation.Figures;
import org.attune.run.report.Numbers;
import org.attune.run.report.Report;
import org.attune.train.evaluate.Estimate;

/** The result as text for a terminal. */
final class QuickstartTable {
  private QuickstartTable() {}

  static String of(QuickstartReport report) {
    QuickstartEvaluation evaluation = report.evaluation();
    Verdict verdict = evaluation.verdict();
    StringBuilder text = new StringBuilder();
    text.append(verdict.title()).append("\n\n");
    text.append(
        "%-28s%10s%10s%10s   %s%n"
            .formatted(
                evaluation.prompts().size() + " unseen beginnings",
                "before",
                "SFT",
                "PPO",
                "PPO minus SFT (95 %)"));
    line(text, "reward", evaluation, Figures::reward, 2, interval(evaluation.rewardGain()));
    line(
        text,
        "valence, independent",
        evaluation,
        Figures::valence,
        2,
        interval(evaluation.valenceGain()));
    line(text, "variety (distinct-2)", evaluation, Figures::distinct2, 2, "");
    line(text, "ends by itself", evaluation, figures -> figures.lengths().ends(), 2, "");
    line(text, "tokens", evaluation, figures -> figures.lengths().meanTokens(), 1, "");
    line(text, "KL to SFT, nats", evaluation, Figures::kl, 1, "");
    for (Report.Sample sample : report.samples()) {
      text.append("%n“%s”%n".formatted(sample.prompt()));
      for (Report.Completion completion : sample.completions()) {
        text.append("  %-10s %s%n".formatted(completion.model(), completion.text().strip()));
      }
    }
    text.append("%n%s %s%n".formatted(verdict.headline(), verdict.text()));
    text.append("%nReport: %s%n%nNext:%n".formatted(report.files().report()));
    report
        .next()
        .forEach(next -> text.append("  %s   # %s%n".formatted(next.command(), next.purpose())));
    return text.toString();
  }

  private static void line(
      StringBuilder text,
      String label,
      QuickstartEvaluation evaluation,
      ToDoubleFunction<Figures> figure,
      int decimals,
      String interval) {
    String line =
        String.format(
            Locale.ROOT,
            "%-28s%10s%10s%10s   %s",
            label,
            Numbers.decimal(figure.applyAsDouble(evaluation.base()), decimals),
            Numbers.decimal(figure.applyAsDouble(evaluation.sft()), decimals),
            Numbers.decimal(figure.applyAsDouble(evaluation.ppo()), decimals),
            interval);
    text.append(line.stripTrailing()).append('\n');
  }

  private static String interval(Estimate estimate) {
    return "%s (%s … %s)"
        .formatted(
            Numbers.signed(estimate.value(), 2),
            Numbers.signed(estimate.low(), 2),
            Numbers.signed(estimate.high(), 2));
  }
}
