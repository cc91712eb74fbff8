package org.attune.model.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.weights.Adaptation;
import org.attune.model.weights.LowRank;
import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;
import org.attune.model.weights.Weights;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AdapterTest {
  private static final Path STORIES = Bundled.stories260k();
  private static final List<int[]> TEXTS =
      List.of(new int[] {1, 403, 407, 261}, new int[] {1, 410, 5, 6, 7});

  private static LanguageModel stories() {
    return LanguageModel.load(STORIES, Head.CAUSAL, 0);
  }

  private static LoraConfig config(UnaryOperator<LoraConfig.Builder> settings) {
    return settings.apply(LoraConfig.builder().rank(4)).build();
  }

  /** Factors that change the model. */
  private static LoraConfig changing() {
    return config(l -> l.targets(ModuleSelection.ALL_LINEAR).init(LoraInit.RANDOM));
  }

  private static float[] logits(LanguageModel model) {
    try (Replica replica = model.frozenReplica(DType.FLOAT32);
        TensorScope scope = TensorScope.open()) {
      return GradientMode.without(
          () -> replica.logits(replica.hidden(TokenBatch.of(TEXTS))).toFloats());
    }
  }

  @Test
  void adds_the_scaled_product_of_its_factors() {
    // W = I, A = [0.5, -0.5], B = [1, 2]ᵀ, α/r = 4, x = [1, 2]: B A x = [-0.5, -1], y = x + 4 B A x
    try (Weights base = new Weights(List.of(new WeightSpec("w", 2, 2)));
        Weights trained =
            new Weights(List.of(new WeightSpec("a", 1, 2), new WeightSpec("b", 2, 1)));
        TensorScope scope = TensorScope.open()) {
      base.get("w").floats().put(new float[] {1, 0, 0, 1});
      trained.get("a").floats().put(new float[] {0.5f, -0.5f});
      trained.get("b").floats().put(new float[] {1, 2});
      Adaptation adaptation =
          new Adaptation(trained, Map.of("w", new LowRank("a", "b", null, 4)), 0);
      try (WeightViews views = WeightViews.frozen(base, adaptation, DType.FLOAT32)) {
        Projection projection = views.linear("w");

        assertThat(projection.of(Tensor.of(new float[] {1, 2}, 1, 2)).toFloats())
            .containsExactly(-1, -2);
      }
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_new_one {
    @ParameterizedTest
    @CsvSource({"KAIMING, false", "GAUSSIAN, false", "KAIMING, true"})
    void leaves_the_model_as_it_is(LoraInit init, boolean dora) {
      try (LanguageModel model = stories()) {
        float[] before = logits(model);

        model
            .adapters()
            .add(
                "new", config(l -> l.init(init).dora(dora).targets(ModuleSelection.ALL_LINEAR)), 3);

        Tolerance.LOGITS.check("logits", logits(model), before);
      }
    }

    @Test
    void starts_where_its_seed_says() {
      try (LanguageModel one = stories();
          LanguageModel other = stories();
          LanguageModel third = stories()) {
        one.adapters().add("a", changing(), 3);
        other.adapters().add("a", changing(), 3);
        third.adapters().add("a", changing(), 4);

        assertThat(logits(other)).isEqualTo(logits(one));
        assertThat(logits(third)).isNotEqualTo(logits(one));
      }
    }

    @Test
    void collects_gradients_of_its_own_weights_and_of_no_others() {
      try (LanguageModel model = stories()) {
        model.adapters().add("a", changing(), 3);
        try (Replica replica = model.trainableReplica(DType.FLOAT32)) {
          TensorScope.use(
              () ->
                  replica.logits(replica.hidden(TokenBatch.of(TEXTS))).squared().mean().backward());

          assertThat(replica.gradients().count()).isEqualTo(model.trainedWeights().count());
          assertThat(model.trainedWeights().count()).isLessThan(model.weights().count() / 4);
          TensorScope.use(() -> assertThat(replica.gradients().norm().item()).isPositive());
        }
      }
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Several {
    @Test
    void take_turns_and_can_all_be_off() {
      try (LanguageModel model = stories()) {
        float[] base = logits(model);
        model.adapters().add("first", changing(), 1);
        float[] first = logits(model);
        model.adapters().add("second", changing(), 2);
        float[] second = logits(model);

        assertThat(second).isNotEqualTo(first);
        model.adapters().activate("first");
        assertThat(logits(model)).isEqualTo(first);
        model.adapters().deactivate();
        assertThat(logits(model)).isEqualTo(base);
        model.adapters().activate("second");
        assertThat(logits(model)).isEqualTo(second);
        model.adapters().remove("second");
        assertThat(logits(model)).isEqualTo(base);
        assertThat(model.adapters().names()).containsExactly("first");
      }
    }

    @Test
    void need_names_of_their_own() {
      try (LanguageModel model = stories()) {
        model.adapters().add("first", changing(), 1);

        assertThatThrownBy(() -> model.adapters().add("first", changing(), 1))
            .hasMessageContaining("has an adapter named first already");
        assertThatThrownBy(() -> model.adapters().activate("other"))
            .hasMessageContaining("has no adapter named other; it has [first]");
      }
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Merging {
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void gives_the_same_outputs_and_closing_gives_the_weights_back(boolean dora) {
      LoraConfig config =
          config(l -> l.dora(dora).targets(ModuleSelection.ALL_LINEAR).init(LoraInit.RANDOM));
      try (LanguageModel model = stories()) {
        float[] before = TensorScope.with(() -> model.weights().flat().toFloats());
        Adapter adapter = model.adapters().add("a", config, 1);
        float[] adapted = logits(model);
        model.adapters().deactivate();

        try (MergedWeights merged = adapter.merge()) {
          Tolerance.LOGITS.check("merged", logits(model), adapted);
        }

        assertThat(TensorScope.with(() -> model.weights().flat().toFloats())).isEqualTo(before);
      }
    }

    @Test
    void of_a_table_that_is_the_output_layer_too_is_an_error() {
      LoraConfig config = config(l -> l.targets(ModuleSelection.named("embed_tokens")));
      try (LanguageModel model = stories()) {
        Adapter adapter = model.adapters().add("a", config, 1);

        assertThatThrownBy(adapter::merge)
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining("model.embed_tokens.weight as an embedding")
            .hasMessageContaining("Keep the adapter beside its base.");
      }
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Targets {
    private List<String> adapted(UnaryOperator<LoraConfig.Builder> settings) {
      try (LanguageModel model = stories()) {
        return model
            .adapters()
            .add("a", config(settings), 1)
            .adaptation()
            .deltas()
            .keySet()
            .stream()
            .map(name -> name.replace("model.layers.", "").replace(".weight", ""))
            .sorted()
            .toList();
      }
    }

    @Test
    void are_those_usual_for_the_family_where_none_are_named() {
      assertThat(adapted(l -> l))
          .hasSize(10)
          .allMatch(name -> name.endsWith(".q_proj") || name.endsWith(".v_proj"));
    }

    @Test
    void of_all_linear_are_all_but_the_output_layer() {
      assertThat(adapted(l -> l.targets(ModuleSelection.ALL_LINEAR)))
          .hasSize(5 * 7)
          .noneMatch(name -> name.contains("embed") || name.contains("head"));
    }

    @ParameterizedTest
    @CsvSource({
      "bert-classifier, bert.pooler.dense",
      "roberta-classifier, classifier.dense",
      "distilbert-classifier, pre_classifier",
      "modernbert-classifier, head.dense"
    })
    void of_all_linear_are_no_layers_of_a_head_which_is_trained_whole(String golden, String dense) {
      assertThat(trained(golden, ModuleSelection.ALL_LINEAR))
          .contains(dense + ".weight")
          .doesNotContain(dense + ".lora_A.weight");
    }

    @ParameterizedTest
    @CsvSource({"bert-classifier, bert.pooler.dense", "modernbert-classifier, head.dense"})
    void may_name_the_first_layer_of_a_head_which_is_frozen_then(String golden, String dense) {
      assertThat(trained(golden, ModuleSelection.named(dense)))
          .contains(dense + ".lora_A.weight", dense + ".lora_B.weight", "classifier.weight")
          .doesNotContain(dense + ".weight", dense + ".bias");
    }

    @ParameterizedTest
    @CsvSource({
      "roberta-classifier, query, classifier.dense",
      "distilbert-classifier, q_lin, pre_classifier"
    })
    void leave_whole_what_peft_saves_whole_in_every_classifier(
        String golden, String query, String dense) {
      assertThat(trained(golden, ModuleSelection.named(query, dense)))
          .contains(dense + ".weight")
          .doesNotContain(dense + ".lora_A.weight");
    }

    private List<String> trained(String golden, ModuleSelection targets) {
      Path base = Goldens.open(golden).tensors().resolveSibling("model");
      try (LanguageModel model = LanguageModel.load(base, Head.SCORE, 0)) {
        return model
            .adapters()
            .add("a", config(l -> l.targets(targets)), 1)
            .trained()
            .specs()
            .stream()
            .map(WeightSpec::name)
            .toList();
      }
    }

    @Test
    void can_be_excluded_or_limited_to_layers() {
      assertThat(
              adapted(
                  l ->
                      l.targets(ModuleSelection.named("q_proj", "k_proj"))
                          .excluded(ModuleSelection.named("1.self_attn.k_proj"))
                          .layers(List.of(0, 1))))
          .containsExactly("0.self_attn.k_proj", "0.self_attn.q_proj", "1.self_attn.q_proj");
    }

    @Test
    void by_expression_match_whole_paths() {
      assertThat(adapted(l -> l.targets(ModuleSelection.matching(".*\\.3\\.mlp\\.(up|down)_proj"))))
          .containsExactly("3.mlp.down_proj", "3.mlp.up_proj");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "c_attn          | [c_attn] mean no module of | Its linear layers are [q_proj, k_proj, v_proj",
          "input_layernorm | reads neither as a linear layer nor as an embedding | [q_proj, k_proj, v_proj",
        })
    void that_cannot_be_adapted_are_an_error(String name, String what, String known) {
      assertThatThrownBy(() -> adapted(l -> l.targets(ModuleSelection.named(name))))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(what)
          .hasMessageContaining(known);
    }

    @Test
    void to_save_that_do_not_exist_are_an_error() {
      assertThatThrownBy(() -> adapted(l -> l.modulesToSave(List.of("lm_head"))))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("modules_to_save names lm_head")
          .hasMessageContaining("has no weight of such a module of its own");
    }

    @Test
    void of_dora_are_no_embeddings() {
      assertThatThrownBy(
              () -> adapted(l -> l.dora(true).targets(ModuleSelection.named("embed_tokens"))))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("DoRA is for linear layers");
    }
  }
}
