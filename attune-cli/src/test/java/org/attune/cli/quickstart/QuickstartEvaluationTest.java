package org.attune.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attune.cli.quickstart.QuickstartEvaluation.Figures;
import org.attune.testkit.Bundled;
import org.attune.train.evaluate.Estimate;
import org.attune.train.evaluate.Lengths;
import org.attune.train.session.Progress;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QuickstartEvaluationTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Figures figures(double reward, double valence, String... texts) {
    double[] rewards = {reward, reward};
    double[] valences = {valence, valence};
    return new Figures(List.of(texts), rewards, valences, 1.5, 0.4, new Lengths(0.5, 30));
  }

  private final QuickstartEvaluation evaluation =
      new QuickstartEvaluation(
          List.of("One day,", "“Hi!”\nsaid Zoë."),
          figures(-1, 0, " a", " b"),
          figures(0, 0.25, " c", " d"),
          figures(2, 0.5, " e", ""),
          1);

  @Test
  void samples_have_a_line_for_every_beginning_with_all_three_continuations()
      throws JsonProcessingException {
    List<String> lines = evaluation.samples().lines().toList();

    assertThat(lines).hasSize(2);
    assertThat(JSON.readTree(lines.get(1)))
        .isEqualTo(
            JSON.readTree(
                "{\"id\":2,\"prompt\":\"“Hi!”\\n"
                    + "said Zoë.\",\"base\":\" b\",\"sft\":\" d\",\"ppo\":\"\"}"));
  }

  @Test
  void the_summary_has_the_documented_form() throws JsonProcessingException {
    JsonNode summary =
        JSON.readTree(
            evaluation.summary(
                new QuickstartEvaluation.Run(
                    161.5, 1300.0, 42, new Estimate(0.675, 0.65, 0.7), Path.of("out/ppo"))));

    assertThat(summary.get("seconds").asDouble()).isEqualTo(161.5);
    assertThat(summary.get("peak_rss_mb").asDouble()).isEqualTo(1300);
    assertThat(summary.get("prompts").asInt()).isEqualTo(2);
    assertThat(summary.get("reward_model_accuracy"))
        .isEqualTo(JSON.readTree("{\"value\":0.675,\"low\":0.65,\"high\":0.7}"));
    assertThat(summary.get("reward"))
        .isEqualTo(JSON.readTree("{\"base\":-1.0,\"sft\":0.0,\"ppo\":2.0}"));
    assertThat(summary.get("valence"))
        .isEqualTo(JSON.readTree("{\"base\":0.0,\"sft\":0.25,\"ppo\":0.5}"));
    assertThat(summary.get("ppo_minus_sft").get("reward"))
        .isEqualTo(JSON.readTree("{\"value\":2.0,\"low\":2.0,\"high\":2.0}"));
    assertThat(summary.get("ppo_minus_sft").get("valence").get("value").asDouble()).isEqualTo(0.25);
    assertThat(summary.get("distinct_2").get("ppo").asDouble()).isEqualTo(0.4);
    assertThat(summary.get("ends").get("sft").asDouble()).isEqualTo(0.5);
    assertThat(summary.get("model").asText()).isEqualTo("out/ppo");
  }

  @Test
  void memory_that_the_system_does_not_tell_is_null() throws JsonProcessingException {
    JsonNode summary =
        JSON.readTree(
            evaluation.summary(
                new QuickstartEvaluation.Run(1, null, 42, new Estimate(1, 1, 1), Path.of("out"))));

    assertThat(summary.get("peak_rss_mb").isNull()).isTrue();
  }

  @Test
  void a_model_compared_with_itself_is_no_better() {
    Path model = Bundled.stories260k();

    QuickstartEvaluation same =
        QuickstartEvaluation.of(
            new QuickstartEvaluation.Models(model, model, model),
            List.of("Once upon a time", "One day, Tom"),
            (prompts, completions) -> completions.stream().mapToDouble(String::length).toArray(),
            new Valence(Map.of()),
            3,
            Progress.NONE);

    assertThat(same.ppo().texts()).isEqualTo(same.sft().texts()).doesNotContain("");
    assertThat(same.rewardGain()).isEqualTo(new Estimate(0, 0, 0));
    assertThat(same.ppo().kl()).isZero();
    assertThat(same.ppo().lengths().meanTokens()).isLessThanOrEqualTo(48);
    assertThat(same.verdict().outcome()).isEqualTo(Verdict.Outcome.NOT_IMPROVED);
  }
}
