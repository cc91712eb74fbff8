package org.attune.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.attune.cli.Attune;
import org.attune.testkit.Bundled;
import org.attune.testkit.NoTensorLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoTensorLeaks.class)
class RewardAndPpoCommandTest {
  @TempDir private Path folder;

  @Test
  void a_reward_model_is_trained_scores_texts_and_trains_a_policy() throws Exception {
    Path pairs = folder.resolve("pairs.jsonl");
    Files.writeString(
        pairs, "{\"chosen\": \"They were happy.\", \"rejected\": \"They were sad.\"}\n".repeat(8));
    Path reward =
        written(
            "reward",
            """
            run-dir: %s
            model: %s
            data: {train: [%s]}
            training: {max-steps: 3, batch-size: 4, logging-steps: 1}
            """
                .formatted(folder.resolve("reward"), Bundled.stories260k(), pairs));

    Attune training = Attune.run("train", "reward", reward);

    assertThat(training.exitCode()).as(training.errors()).isZero();
    String model = training.output().strip();
    Attune scoring = Attune.run("score", "--model", model, "--text", "They played.", "--json");
    assertThat(scoring.output()).matches("\\{\"logits\":\\[.*],\"scores\":\\{\"LABEL_0\":.*}}\\R");
    Attune writing = Attune.run("generate", "--model", model, "--prompt", "They");
    assertThat(writing.exitCode()).isEqualTo(4);
    assertThat(writing.errors()).contains("scores texts and writes none", "attune score");

    Path prompts = folder.resolve("prompts.jsonl");
    Files.writeString(prompts, "{\"prompt\": \"Once upon a time\"}\n".repeat(4));
    Path ppo =
        written(
            "ppo",
            """
            run-dir: %s
            model: %s
            data: {train: [%s]}
            training: {max-steps: 2, batch-size: 4, logging-steps: 1}
            ppo: {reward-model: %s, mini-batch-size: 2, max-new-tokens: 6}
            """
                .formatted(folder.resolve("ppo"), Bundled.stories260k(), prompts, model));

    Attune policy = Attune.run("train", "ppo", ppo);

    assertThat(policy.exitCode()).as(policy.errors()).isZero();
    assertThat(policy.errors()).contains("PPO 100 %  2/2", "reward");
    assertThat(policy.output().strip())
        .isEqualTo(folder.resolve("ppo/checkpoints/step-2").toString());
  }

  private Path written(String name, String yaml) throws Exception {
    return Files.writeString(folder.resolve(name + ".yaml"), yaml);
  }
}
