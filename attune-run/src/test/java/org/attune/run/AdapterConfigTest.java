package org.attune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attune.run.sft.SftConfig;
import org.attune.run.yaml.ConfigReader;
import org.attune.run.yaml.ConfigWriter;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AdapterConfigTest {

  @Test
  void defaults_are_as_documented() {
    assertThat(AdapterConfig.builder().build())
        .isEqualTo(
            new AdapterConfig(
                null,
                8,
                0,
                List.of(),
                null,
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                false,
                false,
                AdapterBias.NONE,
                List.of(),
                AdapterInit.KAIMING,
                null));
  }

  @Test
  void every_key_comes_from_yaml_and_goes_back() {
    SftConfig read =
        read(
            """
            lora:
              r: 16
              alpha: 32
              target-modules: [q_proj, v_proj]
              exclude-modules: layers.0.self_attn.q_proj
              layers-to-transform: [0, 2]
              layers-pattern: layers
              rank-pattern: {q_proj: 4}
              alpha-pattern: {v_proj: 2.5}
              rslora: true
              dora: true
              bias: lora-only
              modules-to-save: lm_head
              init: gaussian
              quantize: nf4
              dropout: 0.05
            """);

    assertThat(read.lora())
        .isEqualTo(
            AdapterConfig.builder()
                .r(16)
                .alpha(32)
                .targetModules("q_proj", "v_proj")
                .excludeModules(List.of("layers.0.self_attn.q_proj"))
                .layersToTransform(List.of(0, 2))
                .layersPattern(List.of("layers"))
                .rankPattern(Map.of("q_proj", 4))
                .alphaPattern(Map.of("v_proj", 2.5))
                .rslora(true)
                .dora(true)
                .bias(AdapterBias.LORA_ONLY)
                .modulesToSave(List.of("lm_head"))
                .init(AdapterInit.GAUSSIAN)
                .quantize(BaseQuantization.NF4)
                .dropout(0.05)
                .build());
    assertThat(ConfigReader.parse(ConfigWriter.write(read), "x", SftConfig.class, List.of()))
        .isEqualTo(read);
  }

  @Test
  void all_problems_are_reported_with_key_value_and_fix() {
    assertThatThrownBy(
            () ->
                AdapterConfig.builder()
                    .r(0)
                    .alpha(-1)
                    .dropout(1)
                    .targetModules("all-linear", "q_proj")
                    .targetPattern("(")
                    .layersToTransform(List.of(1))
                    .rankPattern(Map.of("q_proj", 0))
                    .alphaPattern(Map.of("q_proj", -1.0))
                    .build())
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            e ->
                assertThat(e.problems())
                    .extracting(ConfigurationProblem::key)
                    .containsExactly(
                        "lora.r",
                        "lora.alpha",
                        "lora.dropout",
                        "lora.target-pattern",
                        "lora.target-modules",
                        "lora.layers-to-transform",
                        "lora.rank-pattern",
                        "lora.alpha-pattern",
                        "lora.target-pattern"))
        .hasMessageContaining("lora.r must be > 0 but was 0. 8 to 64 is usual.")
        .hasMessageContaining(
            "lora.dropout must be >= 0 and < 1 but was 1.0. 0.05 is usual; 0 switches it off.")
        .hasMessageContaining("lora.target-pattern must be a regular expression");
  }

  @Test
  void settings_without_a_rank_are_a_mistake() {
    assertThatThrownBy(() -> read("lora: {target-modules: all-linear}\n"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("lora.r is missing. Name the adapter's rank, such as 16");
  }

  @Test
  void dropout_without_a_rank_is_a_mistake() {
    assertThatThrownBy(() -> read("lora: {dropout: 0.05}\n"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("lora.r is missing");
  }

  @Test
  void a_layers_pattern_needs_layers() {
    assertThatThrownBy(() -> AdapterConfig.builder().r(4).layersPattern(List.of("h")).build())
        .hasMessageContaining("lora.layers-pattern needs lora.layers-to-transform but was [h]");
  }

  @Test
  void a_rank_pattern_holds_whole_numbers() {
    assertThatThrownBy(() -> read("lora: {r: 4, rank-pattern: {q_proj: many}}\n"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("lora.rank-pattern must be a whole number");
  }

  private static SftConfig read(String lora) {
    String yaml = "run-dir: runs/a\nmodel: m\ndata: {train: rows.jsonl}\n" + lora;
    return ConfigReader.parse(yaml, "run.yaml", SftConfig.class, List.of());
  }

  @Test
  void the_path_of_a_run_is_no_part_of_its_adapter() {
    SftConfig config =
        SftConfig.builder().runDir(Path.of("a")).model("m").lora(l -> l.r(4)).build();

    assertThat(config.toBuilder().runDir(Path.of("b")).build().lora()).isEqualTo(config.lora());
  }
}
