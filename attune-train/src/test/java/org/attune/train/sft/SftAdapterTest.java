package org.attune.train.sft;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.attune.model.LanguageModel;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.run.AdapterBias;
import org.attune.run.AdapterConfig;
import org.attune.run.BaseQuantization;
import org.attune.run.ComputeDtype;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.RunFolder;
import org.attune.run.sft.SftConfig;
import org.attune.testkit.Bundled;
import org.attune.train.session.StopRequest;
import org.attune.train.session.TrainingSession.Mode;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SftAdapterTest {
  @TempDir Path temporary;

  private SftConfig config(String run, int steps, UnaryOperator<AdapterConfig.Builder> lora) {
    return SftConfig.builder()
        .runDir(temporary.resolve(run))
        .model(Bundled.stories260k().toString())
        .maxLength(64)
        .lora(lora)
        .optimizer(o -> o.learningRate(5e-3))
        .training(
            t ->
                t.maxSteps(steps)
                    .batchSize(4)
                    .loggingSteps(1)
                    .saveSteps(4)
                    .replicas(2)
                    .computeDtype(ComputeDtype.FP32))
        .build();
  }

  private double loss(String run, int step) {
    var metrics = EventLog.metrics(RunFolder.open(temporary.resolve(run)).events());
    return requireNonNull(requireNonNull(metrics.get(step)).get("loss"));
  }

  @Test
  void learns_a_few_stories_by_its_adapter_alone() {
    SftTrainer.of(config("learns", 60, l -> l.r(8).alpha(16).targetModules("all-linear")))
        .on(Stories.rows(4))
        .train();

    assertThat(loss("learns", 60)).isLessThan(loss("learns", 1) / 2);
  }

  @ParameterizedTest
  @EnumSource(BaseQuantization.class)
  void learns_on_a_base_in_few_bits_and_resumes_bit_for_bit(BaseQuantization quantize) {
    UnaryOperator<AdapterConfig.Builder> lora =
        l -> l.r(8).alpha(16).targetModules("all-linear").quantize(quantize);
    Path whole = SftTrainer.of(config("whole", 40, lora)).on(Stories.rows(4)).train();
    interrupted(config("stopped", 40, lora), 4);

    Path resumed =
        SftTrainer.of(config("stopped", 40, lora)).on(Stories.rows(4)).mode(Mode.RESUME).train();

    assertThat(loss("whole", 40)).isLessThan(loss("whole", 1) / 1.5);
    assertThat(resumed.resolve("adapter_model.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("adapter_model.safetensors"));
  }

  private static void interrupted(SftConfig config, int rows) {
    StopRequest stop = new StopRequest();
    SftTrainer.of(config)
        .on(Stories.rows(rows))
        .stoppingOn(stop)
        .progress(
            (what, done, total, figures) -> {
              if (done == 3) {
                stop.request();
              }
            })
        .train();
  }

  @Test
  void a_checkpoint_is_an_adapter_that_loads_with_its_base() {
    Path saved = SftTrainer.of(config("saves", 4, l -> l.r(4))).on(Stories.rows(4)).train();

    assertThat(saved.resolve("adapter_model.safetensors")).isNotEmptyFile();
    assertThat(saved.resolve("adapter_config.json"))
        .content()
        .contains("\"r\" : 4")
        .contains("stories260k");
    assertThat(saved.resolve("model.safetensors")).doesNotExist();
    try (LanguageModel loaded = LanguageModel.load(saved)) {
      assertThat(loaded.adapters().active()).isPresent();
      assertThat(loaded.trainedWeights().specs())
          .allSatisfy(spec -> assertThat(spec.name()).contains("_proj.lora_"));
    }
  }

  @Test
  void a_resumed_run_ends_with_the_bits_of_one_that_was_not_interrupted() {
    UnaryOperator<AdapterConfig.Builder> lora =
        l -> l.r(4).dora(true).bias(AdapterBias.ALL).modulesToSave(List.of("norm"));
    Path whole = SftTrainer.of(config("whole", 8, lora)).on(Stories.rows(8)).train();
    SftConfig config = config("stopped", 8, lora);
    interrupted(config, 8);

    Path resumed = SftTrainer.of(config).on(Stories.rows(8)).mode(Mode.RESUME).train();

    for (String file :
        new String[] {"adapter_model.safetensors", "trainer/optimizer.safetensors"}) {
      assertThat(resumed.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
    }
  }

  @Test
  void manifest_and_report_name_base_and_adapter() {
    SftTrainer.of(config("names", 2, l -> l.r(2))).on(Stories.rows(4)).train();

    RunFolder run = RunFolder.open(temporary.resolve("names"));
    assertThat(run.manifest().orElseThrow().parents())
        .singleElement()
        .satisfies(
            parent -> {
              assertThat(parent.role()).isEqualTo("base model");
              assertThat(parent.name()).endsWith("stories260k");
              assertThat(parent.sha256()).hasSize(64);
            });
    assertThat(temporary.resolve("names/report.html"))
        .content()
        .contains("base model")
        .contains("adapter of step-2");
  }

  @Test
  void targets_that_the_model_lacks_are_an_error_that_lists_its_layers() {
    SftTrainer trainer =
        SftTrainer.of(config("lacks", 2, l -> l.r(2).targetModules("c_attn"))).on(Stories.rows(4));

    assertThatThrownBy(trainer::train)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("[c_attn] mean no module")
        .hasMessageContaining("q_proj, k_proj, v_proj");
    assertThat(Files.exists(temporary.resolve("lacks"))).isFalse();
  }

  @Test
  void a_new_adapter_on_an_adapter_is_an_error_but_all_weights_can_be_trained_from_one() {
    Path saved = SftTrainer.of(config("first", 2, l -> l.r(2))).on(Stories.rows(4)).train();
    SftConfig onAdapter =
        config("second", 2, l -> l.r(2)).toBuilder().model(saved.toString()).build();

    assertThatThrownBy(() -> SftTrainer.of(onAdapter).on(Stories.rows(4)).train())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("is an adapter itself")
        .hasMessageContaining("leave lora out");

    SftConfig whole = config("third", 2, l -> l).toBuilder().model(saved.toString()).build();
    Path all = SftTrainer.of(whole).on(Stories.rows(4)).train();
    assertThat(all.resolve("model.safetensors")).isNotEmptyFile();
  }
}
