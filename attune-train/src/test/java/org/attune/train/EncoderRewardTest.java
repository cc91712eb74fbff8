package org.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.attune.data.Dataset;
import org.attune.model.LanguageModel;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.pipeline.TextClassifier;
import org.attune.model.tokenizer.PairEncoding;
import org.attune.run.ComputeDtype;
import org.attune.run.ppo.PpoConfig;
import org.attune.run.reward.Encoding;
import org.attune.run.reward.RewardConfig;
import org.attune.run.sft.SftConfig;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.attune.train.ppo.PpoTrainer;
import org.attune.train.reward.RewardTrainer;
import org.attune.train.sft.SftTrainer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EncoderRewardTest {
  private static final List<Map<String, Object>> PAIRS =
      List.of(
          pair("Where is the cat?", "The cat sat on the mat.", "No."),
          pair("Where is the dog?", "The dog sat on the mat.", "No."),
          pair("A dog!", "Birds sing.", "No, no."),
          pair("Birds sing, and the cat sleeps", "all day long.", "No, no, no."));

  @TempDir private Path folder;

  private static Map<String, Object> pair(String prompt, String chosen, String rejected) {
    return Map.of("prompt", prompt, "chosen", chosen, "rejected", rejected);
  }

  private static Path start(String golden) {
    return Goldens.open(golden).tensors().resolveSibling("model");
  }

  private RewardConfig config(String golden, UnaryOperator<RewardConfig.Builder> changes) {
    return changes
        .apply(
            RewardConfig.builder()
                .runDir(folder.resolve("reward"))
                .model(start(golden).toString())
                .optimizer(o -> o.learningRate(5e-3))
                .training(
                    t -> t.batchSize(4).maxSteps(30).replicas(1).computeDtype(ComputeDtype.FP32)))
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-masked", "roberta-masked"})
  void a_masked_language_model_becomes_a_reward_model_that_reads_pairs(String golden) {
    Path saved = RewardTrainer.of(config(golden, c -> c)).on(Dataset.fromRows(PAIRS)).train();

    try (LanguageModel model = LanguageModel.load(saved)) {
      assertThat(model.labels()).containsExactly("LABEL_0");
      assertThat(model.sequenceEncoder().pairEncoding()).isEqualTo(PairEncoding.PAIR);
    }
    try (TextClassifier rewards = TextClassifier.load(saved)) {
      double[] chosen = rewards.scores(texts("prompt"), texts("chosen"));
      double[] rejected = rewards.scores(texts("prompt"), texts("rejected"));
      for (int i = 0; i < PAIRS.size(); i++) {
        assertThat(chosen[i]).isGreaterThan(rejected[i]);
      }
    }
  }

  @Test
  void drops_nothing_unless_asked_to_whatever_its_configuration_says() throws IOException {
    byte[] byDefault = weights("default", null);

    assertThat(weights("off", 0.0)).isEqualTo(byDefault);
    assertThat(weights("on", 0.3)).isNotEqualTo(byDefault);
    assertThat(weights("again", 0.3)).isEqualTo(weights("once-more", 0.3));
  }

  private byte[] weights(String run, @Nullable Double dropout) throws IOException {
    RewardConfig config =
        config(
            "bert-masked",
            c -> c.runDir(folder.resolve(run)).training(t -> t.maxSteps(2).dropout(dropout)));
    Path saved = RewardTrainer.of(config).on(Dataset.fromRows(PAIRS)).train();
    return Files.readAllBytes(saved.resolve("model.safetensors"));
  }

  private static List<String> texts(String column) {
    return PAIRS.stream().map(pair -> String.valueOf(pair.get(column))).toList();
  }

  @Test
  void concatenates_where_it_is_asked_to() {
    RewardConfig config =
        config(
            "roberta-masked", c -> c.encoding(Encoding.CONCATENATE).training(t -> t.maxSteps(1)));

    Path saved = RewardTrainer.of(config).on(Dataset.fromRows(PAIRS)).train();

    try (LanguageModel model = LanguageModel.load(saved)) {
      assertThat(model.sequenceEncoder().pairEncoding()).isEqualTo(PairEncoding.CONCATENATE);
    }
  }

  @Test
  void rewards_a_policy_with_another_tokenizer() {
    Path rewards =
        RewardTrainer.of(config("bert-masked", c -> c.training(t -> t.maxSteps(1))))
            .on(Dataset.fromRows(PAIRS))
            .train();
    PpoConfig config =
        PpoConfig.builder()
            .runDir(folder.resolve("ppo"))
            .model(Bundled.stories260k().toString())
            .rewardModel(rewards.toString())
            .miniBatchSize(2)
            .maxNewTokens(6)
            .training(t -> t.batchSize(2).maxSteps(1).replicas(1).computeDtype(ComputeDtype.FP32))
            .build();

    Path policy =
        PpoTrainer.of(config)
            .on(Dataset.fromRows(List.of(Map.of("prompt", "A dog"), Map.of("prompt", "The cat"))))
            .train();

    assertThat(policy.resolve("model.safetensors")).exists();
  }

  @Test
  void cannot_be_fine_tuned_to_continue_texts() {
    SftConfig config =
        SftConfig.builder()
            .runDir(folder.resolve("sft"))
            .model(start("bert-masked").toString())
            .build();

    assertThatThrownBy(
            () ->
                SftTrainer.of(config)
                    .on(Dataset.fromRows(List.of(Map.of("text", "A cat"))))
                    .train())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("bert", "encoder", "causal language model");
  }
}
