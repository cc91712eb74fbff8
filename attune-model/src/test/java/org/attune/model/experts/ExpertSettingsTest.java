package org.attune.model.experts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ExpertSettingsTest {
  private static final int LAYERS = 6;
  private static final ExpertSettings.Defaults DEFAULTS = new ExpertSettings.Defaults(7, 3);

  @Test
  void experts_stand_in_every_layer_of_a_mixtral() {
    ExpertSettings settings =
        ExpertSettings.ofEveryLayer(
            json("{'num_local_experts': 8, 'num_experts_per_tok': 2, 'intermediate_size': 10}"),
            2,
            DEFAULTS);

    assertThat(settings).isEqualTo(settings(8, 2, true, 0, true, true));
  }

  @Test
  void experts_stand_in_every_nth_layer_but_the_excepted_ones() {
    ExpertSettings settings = some("'decoder_sparse_step': 2, 'mlp_only_layers': [3]");

    assertThat(settings.sparse()).containsExactly(false, true, false, false, false, true);
  }

  @Test
  void missing_numbers_are_the_familys() {
    ExpertSettings settings =
        ExpertSettings.ofSomeLayers(json("{'moe_intermediate_size': 10}"), LAYERS, DEFAULTS);

    assertThat(settings.experts()).isEqualTo(DEFAULTS.experts());
    assertThat(settings.perToken()).isEqualTo(DEFAULTS.perToken());
  }

  @Test
  void their_number_has_two_names() {
    ConfigJson other =
        json("{'num_local_experts': 4, 'num_experts_per_tok': 2, 'moe_intermediate_size': 10}");

    assertThat(ExpertSettings.ofSomeLayers(other, LAYERS, DEFAULTS))
        .isEqualTo(some("'mlp_only_layers': []"));
  }

  @Test
  void the_routers_loss_is_asked_for_by_a_flag_and_weighs_as_much_as_the_coefficient() {
    String coefficient = "'router_aux_loss_coef': 0.02";

    assertThat(some(coefficient).routerLossWeight()).isZero();
    assertThat(some(coefficient + ", 'output_router_logits': true").routerLossWeight())
        .isEqualTo(0.02);
    assertThat(some("'output_router_logits': true").routerLossWeight()).isEqualTo(0.001);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'num_experts': 0; num_experts must be at least 1 but was 0",
        "'num_experts_per_tok': 0; num_experts_per_tok must be at least 1",
        "'num_experts_per_tok': 5; num_experts_per_tok must be at most num_experts, 4 but was 5",
        "'decoder_sparse_step': 0; decoder_sparse_step must be at least 1",
        "'mlp_only_layers': ['a']; mlp_only_layers must be a whole number or a list of them",
        "'moe_intermediate_size': null; moe_intermediate_size must be a whole number",
        "'router_aux_loss_coef': -1; router_aux_loss_coef must be at least 0",
      })
  void values_out_of_range_are_refused(String changes, String message) {
    assertThatThrownBy(() -> some(changes))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  private static ExpertSettings settings(
      int experts, int perToken, boolean normed, double weight, Boolean... sparse) {
    return new ExpertSettings(experts, perToken, 10, normed, List.of(sparse), weight);
  }

  /** The last of two equal keys holds. */
  private static ExpertSettings some(String changes) {
    return ExpertSettings.ofSomeLayers(
        json(
            "{'num_experts': 4, 'num_experts_per_tok': 2, 'moe_intermediate_size': 10, %s}"
                .formatted(changes)),
        LAYERS,
        DEFAULTS);
  }

  private static ConfigJson json(String content) {
    return ConfigJson.parse(Path.of("config.json"), content.replace('\'', '"').getBytes(UTF_8));
  }
}
