package org.attune.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.attune.cli.quickstart.Verdict.Findings;
import org.attune.cli.quickstart.Verdict.Outcome;
import org.attune.run.report.Report.Tone;
import org.attune.train.evaluate.Estimate;
import org.attune.train.evaluate.Lengths;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class VerdictTest {
  private static final Estimate GAIN = new Estimate(0.79, 0.68, 0.9);
  private static final Estimate CHANCE = new Estimate(0.02, -0.04, 0.08);
  private static final Estimate LOSS = new Estimate(-0.3, -0.4, -0.2);

  private static Verdict verdict(Estimate reward, Estimate valence, double variety, double ends) {
    return Verdict.of(
        new Findings(300, reward, valence, variety, new Lengths(0.72, 36), new Lengths(ends, 34)));
  }

  @Test
  void better_by_both_measures_and_sound_is_improved() {
    Verdict verdict = verdict(GAIN, GAIN, 0.88, 0.7);

    assertThat(verdict.outcome()).isEqualTo(Outcome.IMPROVED);
    assertThat(verdict.title()).isEqualTo("People’s ratings made this model better");
    assertThat(verdict.text())
        .contains("300 unseen beginnings", "+0.79, 95 % interval +0.68 to +0.90")
        .contains("88 % of before PPO", "70 % of its continuations", "34 tokens", "before 36");
    assertThat(verdict.shown().tone()).isEqualTo(Tone.GOOD);
  }

  @Test
  void better_by_the_reward_model_alone_is_said_so() {
    for (Estimate valence : List.of(CHANCE, LOSS)) {
      Verdict verdict = verdict(GAIN, valence, 0.88, 0.7);

      assertThat(verdict.outcome()).isEqualTo(Outcome.OWN_MEASURE_ONLY);
      assertThat(verdict.title()).isEqualTo("Better by its own measure only");
      assertThat(verdict.text()).contains("the reward model’s mistakes");
      assertThat(verdict.shown().tone()).isEqualTo(Tone.MIXED);
    }
  }

  @Test
  void no_gain_by_the_reward_model_is_no_improvement() {
    for (Estimate reward : List.of(CHANCE, LOSS)) {
      Verdict verdict = verdict(reward, CHANCE, 0.88, 0.7);

      assertThat(verdict.outcome()).isEqualTo(Outcome.NOT_IMPROVED);
      assertThat(verdict.headline()).isEqualTo("No.");
      assertThat(verdict.text()).contains("there is none either");
      assertThat(verdict.shown().tone()).isEqualTo(Tone.BAD);
    }
  }

  @Test
  void a_gain_that_training_did_not_aim_at_is_no_improvement() {
    Verdict verdict = verdict(CHANCE, GAIN, 0.88, 0.7);

    assertThat(verdict.outcome()).isEqualTo(Outcome.NOT_IMPROVED);
    assertThat(verdict.text()).contains("a gain, but nothing in training aimed at it");
  }

  @Test
  void high_scores_of_text_without_variety_are_a_collapse() {
    Verdict verdict = verdict(GAIN, GAIN, 0.69, 0.7);

    assertThat(verdict.outcome()).isEqualTo(Outcome.NOT_IMPROVED);
    assertThat(verdict.title()).isEqualTo("The tuned model’s text has collapsed");
    assertThat(verdict.headline()).isEqualTo("No, although its score rose.");
    assertThat(verdict.text()).contains("only 69 % of the variety", "ppo.init-kl-coefficient");
  }

  @Test
  void high_scores_of_text_that_does_not_end_are_a_collapse() {
    Verdict verdict = verdict(GAIN, GAIN, 0.88, 0.59);

    assertThat(verdict.outcome()).isEqualTo(Outcome.NOT_IMPROVED);
    assertThat(verdict.text()).contains("only 59 % of its continuations end by themselves");
  }

  @Test
  void both_signs_of_a_collapse_are_named() {
    assertThat(verdict(LOSS, LOSS, 0.1, 0).text())
        .contains("only 10 % of the variety", "and only 0 % of its continuations");
    assertThat(verdict(LOSS, LOSS, 0.1, 0).headline()).isEqualTo("No.");
  }

  @Test
  void the_bounds_themselves_are_sound() {
    assertThat(verdict(GAIN, GAIN, 0.7, 0.6).outcome()).isEqualTo(Outcome.IMPROVED);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, 0})
  void variety_that_cannot_be_measured_is_not_sound(double variety) {
    assertThat(verdict(GAIN, GAIN, variety, 0.7).outcome()).isEqualTo(Outcome.NOT_IMPROVED);
  }
}
