package org.attune.train.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.run.TrainingConfig;
import org.attune.run.ppo.PpoConfig;
import org.attune.run.reward.RewardConfig;
import org.attune.run.sft.SftConfig;
import org.attune.testkit.Bundled;
import org.attune.testkit.FakeHub;
import org.attune.train.ppo.PpoTrainer;
import org.attune.train.reward.RewardTrainer;
import org.attune.train.sft.SftTrainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training names at a hub is found once, so that a branch that moves cannot mix two. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubModelTest {
  private static final String MODEL = "org/stories";
  private static final String REWARD = "org/reward";
  private static final String ROWS = "org/rows";

  private final FakeHub server = FakeHub.start();
  @TempDir private Path home;

  @BeforeEach
  void fillTheHub() throws IOException {
    System.setProperty("attune.hub.endpoint", server.endpoint());
    System.setProperty("attune.hub.home", home.resolve("hub").toString());
    put(MODEL, Bundled.stories260k());
    Path reward = Files.createDirectory(home.resolve("reward"));
    try (LanguageModel model = LanguageModel.load(Bundled.stories260k(), Head.SCORE, 5)) {
      model.save(reward);
    }
    put(REWARD, reward);
    server.file(
        ROWS,
        "train.jsonl",
        "{\"text\": \"Once\", \"prompt\": \"The cat\", \"chosen\": \" sat\", \"rejected\": \" x\"}\n"
            .getBytes(UTF_8));
  }

  private void put(String id, Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        server.file(id, file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
  }

  @AfterEach
  void forget() {
    List.of("attune.hub.endpoint", "attune.hub.home").forEach(System::clearProperty);
    server.close();
  }

  private static TrainingConfig.Builder oneStep(TrainingConfig.Builder training) {
    return training.batchSize(1).maxSteps(1).replicas(1);
  }

  private void assertFoundOnce(String... ids) {
    for (String id : ids) {
      assertThat(server.count("GET", "/" + id + "/revision/main")).as(id).isEqualTo(1);
    }
  }

  @Test
  void policy_reference_reward_model_prompts_and_manifest_of_PPO() {
    PpoTrainer.of(
            PpoConfig.builder()
                .runDir(home.resolve("run"))
                .model(MODEL)
                .rewardModel(REWARD)
                .data(d -> d.train(Path.of(ROWS)))
                .miniBatchSize(1)
                .maxNewTokens(2)
                .training(HubModelTest::oneStep)
                .build())
        .train();

    assertFoundOnce(MODEL, REWARD, ROWS);
  }

  @Test
  void model_tokenizer_rows_and_manifest_of_SFT() {
    SftTrainer.of(
            SftConfig.builder()
                .runDir(home.resolve("run"))
                .model(MODEL)
                .tokenizer(MODEL)
                .data(d -> d.train(Path.of(ROWS)))
                .training(HubModelTest::oneStep)
                .build())
        .train();

    assertFoundOnce(MODEL, ROWS);
  }

  @Test
  void base_and_manifest_of_an_adapter() {
    SftTrainer.of(
            SftConfig.builder()
                .runDir(home.resolve("run"))
                .model(MODEL)
                .data(d -> d.train(Path.of(ROWS)))
                .lora(l -> l.r(2))
                .training(HubModelTest::oneStep)
                .build())
        .train();

    assertFoundOnce(MODEL, ROWS);
  }

  @Test
  void model_rows_and_manifest_of_a_reward_model() {
    RewardTrainer.of(
            RewardConfig.builder()
                .runDir(home.resolve("run"))
                .model(MODEL)
                .data(d -> d.train(Path.of(ROWS)))
                .training(HubModelTest::oneStep)
                .build())
        .train();

    assertFoundOnce(MODEL, ROWS);
  }
}
