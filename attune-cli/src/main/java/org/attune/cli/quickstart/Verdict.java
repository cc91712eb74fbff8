package org.attune.cli.quickstart;

import java.util.ArrayList;
import java.util.List;
import org.attune.run.report.Numbers;
import org.attune.run.report.Report;
import org.attune.run.report.Report.Tone;
import org.attune.train.evaluate.Estimate;
import org.attune.train.evaluate.Lengths;

/**
 * Whether PPO made the model better, in words that follow from the figures.
 *
 * @param title the finding in one line
 * @param headline the answer in a short sentence
 * @param text why
 */
record Verdict(Outcome outcome, String title, String headline, String text) {
  private static final double LEAST_VARIETY = 0.7;
  private static final double LEAST_ENDS = 0.6;

  /** What PPO did. */
  enum Outcome {
    /** Better by the reward model and by the judge that no training saw, without collapse. */
    IMPROVED,
    /** Better by the reward model alone. */
    OWN_MEASURE_ONLY,
    /** Not better by the reward model, or the text has collapsed. */
    NOT_IMPROVED
  }

  /**
   * What the verdict rests on.
   *
   * @param variety distinct-2 of the tuned model as a share of the SFT model's
   */
  record Findings(
      int prompts,
      Estimate rewardGain,
      Estimate valenceGain,
      double variety,
      Lengths sft,
      Lengths ppo) {
    /** What is wrong with the tuned model's texts themselves; empty if nothing is. */
    private List<String> collapse() {
      List<String> signs = new ArrayList<>();
      if (!(variety >= LEAST_VARIETY)) {
        signs.add(
            "it has only %s of the variety that it had before PPO (at least %s is sound)"
                .formatted(percent(variety), percent(LEAST_VARIETY)));
      }
      if (!(ppo.ends() >= LEAST_ENDS)) {
        signs.add(
            "only %s of its continuations end by themselves (at least %s is sound)"
                .formatted(percent(ppo.ends()), percent(LEAST_ENDS)));
      }
      return signs;
    }

    private String soundness() {
      return "It has not collapsed: variety (distinct-2) is %s of before PPO, %s of its continuations end by themselves (before %s), and they have %s tokens on average (before %s)."
          .formatted(
              percent(variety),
              percent(ppo.ends()),
              percent(sft.ends()),
              Numbers.decimal(ppo.meanTokens(), 0),
              Numbers.decimal(sft.meanTokens(), 0));
    }
  }

  static Verdict of(Findings found) {
    boolean byReward = found.rewardGain.isAboveZero();
    boolean byValence = found.valenceGain.isAboveZero();
    List<String> collapse = found.collapse();
    String where = "On %s unseen beginnings ".formatted(Numbers.whole(found.prompts));
    String reward = "the reward model that it was trained on " + gain(found.rewardGain);
    String valence = "an independent word list that no training saw " + gain(found.valenceGain);
    if (!collapse.isEmpty()) {
      return new Verdict(
          Outcome.NOT_IMPROVED,
          "The tuned model’s text has collapsed",
          byReward ? "No, although its score rose." : "No.",
          "%sthe tuned model is not sound: %s. Its mean score differs from before PPO by %s (reward model) and %s (independent word list), which says little about such text. Try another seed, a higher ppo.init-kl-coefficient or a lower optimizer.learning-rate."
              .formatted(
                  where,
                  String.join(", and ", collapse),
                  interval(found.rewardGain),
                  interval(found.valenceGain)));
    }
    if (byReward && byValence) {
      return new Verdict(
          Outcome.IMPROVED,
          "People’s ratings made this model better",
          "Yes, and not only by its own measure.",
          "%sthe tuned model’s text scores higher with %s, and with %s. %s"
              .formatted(where, reward, valence, found.soundness()));
    }
    if (byReward) {
      return new Verdict(
          Outcome.OWN_MEASURE_ONLY,
          "Better by its own measure only",
          "By the measure that it was trained on, but not by an independent one.",
          "%sthe tuned model’s text scores higher with %s. With %s no gain can be told from chance. It may have learned the reward model’s mistakes. %s"
              .formatted(where, reward, valence, found.soundness()));
    }
    return new Verdict(
        Outcome.NOT_IMPROVED,
        "Training did not make this model better",
        "No.",
        "%sno gain with %s can be told from chance. With %s there is %s. %s"
            .formatted(
                where,
                reward,
                valence,
                byValence ? "a gain, but nothing in training aimed at it" : "none either",
                found.soundness()));
  }

  /** As the report shows it. */
  Report.Verdict shown() {
    Tone tone =
        switch (outcome) {
          case IMPROVED -> Tone.GOOD;
          case OWN_MEASURE_ONLY -> Tone.MIXED;
          case NOT_IMPROVED -> Tone.BAD;
        };
    return new Report.Verdict(tone, headline, text);
  }

  private static String gain(Estimate estimate) {
    return "(%s)".formatted(interval(estimate));
  }

  private static String interval(Estimate estimate) {
    return "%s, 95 %% interval %s to %s"
        .formatted(
            Numbers.signed(estimate.value(), 2),
            Numbers.signed(estimate.low(), 2),
            Numbers.signed(estimate.high(), 2));
  }

  private static String percent(double share) {
    return Numbers.decimal(100 * share, 0) + " %";
  }
}
