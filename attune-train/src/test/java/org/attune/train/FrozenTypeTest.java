package org.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.data.Dataset;
import org.attune.model.LanguageModel;
import org.attune.model.checkpoint.SavedForm;
import org.attune.model.checkpoint.StoredType;
import org.attune.run.ComputeDtype;
import org.attune.run.ppo.PpoConfig;
import org.attune.run.sft.SftConfig;
import org.attune.tensor.DType;
import org.attune.testkit.Bundled;
import org.attune.train.ppo.PpoStats;
import org.attune.train.ppo.PpoTrainer;
import org.attune.train.session.Progress;
import org.attune.train.sft.SftTrainer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In what a training keeps the weights that it does not change. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FrozenTypeTest {
  @TempDir private Path folder;

  private Path storiesInBfloat16() throws IOException {
    Path saved = Files.createDirectory(folder.resolve("stories"));
    try (LanguageModel model = LanguageModel.load(Bundled.stories260k())) {
      model.save(saved, new SavedForm(StoredType.BF16, SavedForm.FLOAT32.maxShardBytes()));
    }
    return saved;
  }

  private PpoConfig ppo(Path model) {
    return PpoConfig.builder()
        .runDir(folder.resolve("ppo"))
        .model(model.toString())
        .miniBatchSize(2)
        .training(t -> t.batchSize(2).replicas(1).computeDtype(ComputeDtype.BF16))
        .build();
  }

  @Test
  void a_reference_from_a_file_in_bfloat16_stays_so_and_says_what_the_policy_says()
      throws IOException {
    try (PpoTrainer trainer = PpoTrainer.open(ppo(storiesInBfloat16()))) {
      assertThat(trainer.reference().weights().type()).isEqualTo(DType.BFLOAT16);
      assertThat(trainer.policy().weights().type()).isEqualTo(DType.FLOAT32);

      PpoStats stats =
          trainer.step(
              List.of(new int[] {1, 5, 9}, new int[] {1, 7}),
              List.of(new int[] {11, 12}, new int[] {13}),
              new double[] {1, -1});

      assertThat(stats.get("objective/kl")).isZero();
    }
  }

  @Test
  void a_reference_that_would_be_rounded_is_kept_whole() {
    try (PpoTrainer trainer = PpoTrainer.open(ppo(Bundled.stories260k()))) {
      assertThat(trainer.reference().weights().type()).isEqualTo(DType.FLOAT32);
    }
  }

  @ParameterizedTest
  @CsvSource({"BF16, 'frozen, in 0 MB'", "FP32, 'frozen, in 1 MB'"})
  void the_base_of_an_adapter_is_kept_in_what_its_layers_multiply_in(
      ComputeDtype dtype, String said) {
    List<String> notes = new ArrayList<>();
    SftConfig config =
        SftConfig.builder()
            .runDir(folder.resolve("sft"))
            .model(Bundled.stories260k().toString())
            .lora(l -> l.r(2))
            .training(t -> t.maxSteps(1).batchSize(1).replicas(1).computeDtype(dtype))
            .build();

    SftTrainer.of(config)
        .on(Dataset.fromRows(List.of(Map.of("text", "Once upon a time"))))
        .progress(
            new Progress() {
              @Override
              public void report(String what, long done, long total, Map<String, Double> figures) {}

              @Override
              public void note(String fact) {
                notes.add(fact);
              }
            })
        .train();

    assertThat(notes).anySatisfy(note -> assertThat(note).contains(said));
  }
}
