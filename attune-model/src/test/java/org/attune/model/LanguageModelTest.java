package org.attune.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ModelDirectory;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.checkpoint.SafetensorsWriter;
import org.attune.model.checkpoint.SavedForm;
import org.attune.model.checkpoint.SavedWeights;
import org.attune.model.checkpoint.StoredType;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.model.tokenizer.convert.AddedToken;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LanguageModelTest {
  /** Half of the smallest number of binary16. */
  private static final double SUBNORMAL = 0x1p-25;

  @TempDir Path target;

  @SuppressWarnings("ArrayRecordComponent") // compared field by field
  private record Stored(List<Long> shape, float[] values) {}

  @Nested
  class Saving {
    @ParameterizedTest
    @ValueSource(
        strings = {"llama-stories260k", "gpt2-random", "llama-random", "llama-random-biased"})
    void gives_back_the_tensors_that_were_loaded(String name) {
      Path source = ParityCases.directory(name);
      try (LanguageModel model = LanguageModel.load(source)) {
        model.save(target);
      }

      requireSameTensors(tensors(target), tensors(source));
    }

    @Test
    void keeps_the_tokenizer() {
      try (LanguageModel model = LanguageModel.load(Bundled.stories260k())) {
        model.save(target);
        try (LanguageModel again = LanguageModel.load(target)) {
          assertThat(again.tokenizer().encode("Tom had a red ball."))
              .isEqualTo(model.tokenizer().encode("Tom had a red ball."));
          assertThat(again.endIds()).isEqualTo(model.endIds()).contains(2);
        }
      }
    }

    @Test
    void puts_the_value_head_in_a_file_of_its_own_and_reads_it_back() {
      try (LanguageModel model = LanguageModel.load(Bundled.stories260k(), Head.VALUE, 5)) {
        model.save(target);

        assertThat(tensors(target.resolve("value_head.safetensors")))
            .containsOnlyKeys(Head.VALUE_WEIGHT, Head.VALUE_BIAS);
        assertThat(tensors(target)).doesNotContainKey(Head.VALUE_WEIGHT);
        try (LanguageModel again = LanguageModel.load(target, Head.VALUE, 6)) {
          assertThat(flat(again)).isEqualTo(flat(model));
        }
      }
    }

    @ParameterizedTest
    @EnumSource(
        value = StoredType.class,
        names = {"F16", "BF16"})
    void rounds_weights_to_half_the_size(StoredType type) {
      try (LanguageModel model = LanguageModel.load(Bundled.stories260k())) {
        model.save(target, new SavedForm(type, 1_000_000_000));

        try (LanguageModel again = LanguageModel.load(target);
            SavedWeights saved = SavedWeights.open(target)) {
          assertThat(saved.info("model.norm.weight").type()).isEqualTo(type);
          assertThat(ModelDirectory.open(target).config().text("torch_dtype"))
              .isEqualTo(type == StoredType.F16 ? "float16" : "bfloat16");
          float[] before = flat(model);
          float[] after = flat(again);
          double step = type == StoredType.F16 ? 0x1p-11 : 0x1p-8;
          for (int i = 0; i < before.length; i++) {
            assertThat((double) after[i])
                .isCloseTo(before[i], Offset.offset(Math.abs(before[i]) * step + SUBNORMAL));
          }
        }
      }
    }

    @Test
    void cuts_weights_into_shards_that_load_again() {
      try (LanguageModel model = LanguageModel.load(Bundled.stories260k())) {
        model.save(target, SavedForm.FLOAT32.inShardsOf("300KB"));

        assertThat(target.resolve("model.safetensors")).doesNotExist();
        assertThat(target.resolve("model.safetensors.index.json")).exists();
        try (LanguageModel again = LanguageModel.load(target)) {
          assertThat(flat(again)).isEqualTo(flat(model));
        }
      }
    }

    @Test
    void refuses_a_weight_that_would_become_infinite() {
      try (LanguageModel model = LanguageModel.load(Bundled.stories260k())) {
        TensorScope.use(() -> model.weights().get("model.norm.weight").floats().put(3, 70_000));

        assertThatThrownBy(() -> model.save(target, new SavedForm(StoredType.F16, 1_000_000_000)))
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining("model.norm.weight has the value 70000.0")
            .hasMessageContaining("Save as BF16 or F32");
      }
    }

    @Test
    void keeps_a_score_head() {
      try (LanguageModel model = LanguageModel.load(Bundled.stories260k(), Head.SCORE, 5)) {
        model.save(target);

        try (LanguageModel again = LanguageModel.load(target)) {
          assertThat(again.head()).isEqualTo(Head.SCORE);
          assertThat(flat(again)).isEqualTo(flat(model));
        }
      }
    }
  }

  @Nested
  class Loading {
    @Test
    void reads_shards_of_pickled_weights_and_computes_what_torch_computes() {
      Goldens golden = Goldens.open("pytorch-sharded");
      int[] ids = Arrays.stream(golden.numbers("/ids")).mapToInt(number -> (int) number).toArray();
      try (LanguageModel model = LanguageModel.load(golden.tensors().resolveSibling("model"));
          Replica replica = model.frozenReplica(DType.FLOAT32);
          SafetensorsFile expected = SafetensorsFile.open(golden.tensors())) {
        float[] logits =
            GradientMode.without(
                () ->
                    TensorScope.with(
                        () ->
                            replica
                                .logits(replica.hidden(TokenBatch.of(List.of(ids))))
                                .toFloats()));

        FloatBuffer reference = FloatBuffer.allocate(logits.length);
        expected.readFloats("logits", reference);
        Tolerance.LOGITS.check("logits", logits, reference.array());
      }
    }

    @Test
    void takes_a_gpt_2_checkpoint_whose_names_have_no_prefix() {
      Path source = ParityCases.directory("gpt2-random");
      Map<String, Stored> bare = new LinkedHashMap<>();
      tensors(source)
          .forEach((name, stored) -> bare.put(name.replaceFirst("^transformer\\.", ""), stored));
      write(source, bare);

      try (LanguageModel model = LanguageModel.load(target);
          LanguageModel original = LanguageModel.load(source)) {
        assertThat(flat(model)).isEqualTo(flat(original));
      }
    }

    @Test
    void lists_missing_unexpected_and_misshapen_tensors_at_once() {
      Path source = ParityCases.directory("llama-random");
      Map<String, Stored> damaged = tensors(source);
      Stored norm = requireNonNull(damaged.remove("model.norm.weight"));
      damaged.put("model.nrom.weight", norm);
      Stored up = requireNonNull(damaged.get("model.layers.0.mlp.up_proj.weight"));
      damaged.put(
          "model.layers.0.mlp.up_proj.weight",
          new Stored(List.of(up.shape.get(1), up.shape.get(0)), up.values));
      write(source, damaged);

      assertThatThrownBy(() -> LanguageModel.load(target))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("1 missing: model.norm.weight")
          .hasMessageContaining("1 unexpected: model.nrom.weight")
          .hasMessageContaining(
              "model.layers.0.mlp.up_proj.weight is " + List.of(up.shape.get(1), up.shape.get(0)))
          .hasMessageContaining("config.json");
    }

    @Test
    void of_an_unknown_family_names_those_that_are_known() throws IOException {
      Files.writeString(target.resolve("config.json"), "{\"model_type\": \"mamba\"}");

      assertThatThrownBy(() -> LanguageModel.load(target))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("model_type")
          .hasMessageContaining("mamba")
          .hasMessageContaining(String.join(", ", Architectures.types()));
    }

    @Test
    void of_a_new_head_depends_on_the_seed_alone() {
      try (LanguageModel one = LanguageModel.load(Bundled.stories260k(), Head.VALUE, 1);
          LanguageModel same = LanguageModel.load(Bundled.stories260k(), Head.VALUE, 1);
          LanguageModel other = LanguageModel.load(Bundled.stories260k(), Head.VALUE, 2)) {
        assertThat(flat(same)).isEqualTo(flat(one));
        assertThat(flat(other)).isNotEqualTo(flat(one));
      }
    }

    @Test
    void a_model_without_a_tokenizer_works_until_text_is_asked_for() {
      Path source = ParityCases.directory("gpt2-random");
      try (LanguageModel model = LanguageModel.load(source)) {
        assertThatThrownBy(model::tokenizer)
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining("has no tokenizer")
            .hasMessageContaining("Copy the tokenizer's files there");
      }
    }
  }

  @Nested
  class Fresh_weights {
    private static final Offset<Double> SAMPLING = Offset.offset(0.0005);

    @Test
    void are_normal_with_the_configured_deviation_and_norms_are_1() {
      try (LanguageModel model = LanguageModel.fresh(Bundled.stories260k(), Head.CAUSAL, 3)) {
        float[] table = weight(model, "model.embed_tokens.weight");
        double mean = 0;
        double square = 0;
        for (float value : table) {
          mean += value / table.length;
          square += value * value / table.length;
        }

        assertThat(mean).isCloseTo(0, SAMPLING);
        assertThat(Math.sqrt(square - mean * mean)).isCloseTo(0.02, SAMPLING);
        assertThat(weight(model, "model.norm.weight")).containsOnly(1);
      }
    }

    @Test
    void of_norms_that_scale_by_one_plus_their_weight_are_0() {
      Path gemma = ParityCases.directory("family-gemma");
      try (LanguageModel model = LanguageModel.fresh(gemma, Head.CAUSAL, 3)) {
        assertThat(weight(model, "model.norm.weight")).containsOnly(0);
      }
    }

    @Test
    void depend_on_the_seed_alone() {
      try (LanguageModel one = LanguageModel.fresh(Bundled.stories260k(), Head.CAUSAL, 3);
          LanguageModel same = LanguageModel.fresh(Bundled.stories260k(), Head.CAUSAL, 3);
          LanguageModel other = LanguageModel.fresh(Bundled.stories260k(), Head.CAUSAL, 4)) {
        assertThat(flat(same)).isEqualTo(flat(one));
        assertThat(flat(other)).isNotEqualTo(flat(one));
      }
    }
  }

  @Nested
  class A_larger_vocabulary {
    private static final String EMBEDDING = "model.embed_tokens.weight";

    @Test
    void keeps_all_rows_and_starts_new_ones_at_their_mean() {
      try (LanguageModel model = LanguageModel.load(Bundled.stories260k());
          LanguageModel grown =
              model.withVocabularyOf(
                  model
                      .tokenizer()
                      .withAddedTokens(
                          List.of(AddedToken.control("<|user|>"), AddedToken.text("<think>"))))) {
        float[] before = weight(model, EMBEDDING);
        float[] after = weight(grown, EMBEDDING);
        int width = model.architecture().hiddenSize();

        assertThat(grown.architecture().vocabularySize()).isEqualTo(514);
        assertThat(Arrays.copyOf(after, before.length)).isEqualTo(before);
        Tolerance.FLOAT32.check("first new row", row(after, 512, width), mean(before, width));
        Tolerance.FLOAT32.check("second new row", row(after, 513, width), mean(before, width));
      }
    }

    @Test
    void reaches_an_output_layer_of_its_own() {
      Path source = ParityCases.directory("llama-random");
      try (LanguageModel model = LanguageModel.load(source);
          LanguageModel grown =
              model.withVocabularyOf(Tokenizer.load(Bundled.mistralTokenizer()))) {
        float[] before = weight(model, "lm_head.weight");
        float[] after = weight(grown, "lm_head.weight");
        int width = model.architecture().hiddenSize();

        assertThat(Arrays.copyOf(after, before.length)).isEqualTo(before);
        assertThat(after).hasSize(32_000 * width);
        Tolerance.FLOAT32.check("last row", row(after, 31_999, width), mean(before, width));
      }
    }

    @Test
    void is_saved_with_its_tokenizer_and_loads_again() {
      try (LanguageModel model = LanguageModel.load(Bundled.stories260k());
          LanguageModel grown = model.withVocabularyOf(model.tokenizer().withPadToken("<pad>"))) {
        grown.save(target);

        try (LanguageModel again = LanguageModel.load(target)) {
          assertThat(again.architecture().vocabularySize()).isEqualTo(513);
          assertThat(again.tokenizer().padId()).hasValue(512);
          assertThat(flat(again)).isEqualTo(flat(grown));
        }
      }
    }

    @Test
    void is_what_a_tokenizer_with_more_tokens_needs() throws IOException {
      try (LanguageModel model = LanguageModel.load(Bundled.stories260k());
          Tokenizer larger = model.tokenizer().withPadToken("<pad>")) {
        model.save(target);
        larger.save(target);
      }

      assertThatThrownBy(() -> LanguageModel.load(target))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("has 513 tokens", "places for 512", "withVocabularyOf");
    }

    private static double[] row(float[] matrix, int row, int width) {
      return IntStream.range(0, width).mapToDouble(c -> matrix[row * width + c]).toArray();
    }

    private static double[] mean(float[] matrix, int width) {
      double[] mean = new double[width];
      for (int i = 0; i < matrix.length; i++) {
        mean[i % width] += (double) matrix[i] * width / matrix.length;
      }
      return mean;
    }
  }

  @Test
  void a_copy_has_the_same_values_in_weights_of_its_own() {
    try (LanguageModel model = LanguageModel.load(Bundled.stories260k());
        LanguageModel copy = model.copied()) {
      float[] before = flat(model);
      assertThat(flat(copy)).isEqualTo(before);

      copy.weights().flat().fillInPlace(0);

      assertThat(flat(model)).isEqualTo(before);
      assertThat(copy.tokenizer()).isSameAs(model.tokenizer());
    }
  }

  private static float[] flat(LanguageModel model) {
    return TensorScope.with(() -> model.weights().flat().toFloats());
  }

  private static float[] weight(LanguageModel model, String name) {
    return TensorScope.with(() -> model.weights().get(name).toFloats());
  }

  private void write(Path source, Map<String, Stored> tensors) {
    try {
      Files.copy(source.resolve("config.json"), target.resolve("config.json"));
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
    SafetensorsWriter writer = new SafetensorsWriter();
    tensors.forEach(
        (name, stored) ->
            writer.addFloats(name, stored.shape, () -> FloatBuffer.wrap(stored.values)));
    writer.writeDirectory(target);
  }

  private static void requireSameTensors(Map<String, Stored> actual, Map<String, Stored> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, stored) -> {
          Stored own = requireNonNull(actual.get(name));
          assertThat(own.shape).as(name).isEqualTo(stored.shape);
          assertThat(own.values).as(name).isEqualTo(stored.values);
        });
  }

  private static Map<String, Stored> tensors(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve("model.safetensors") : path;
    Map<String, Stored> tensors = new LinkedHashMap<>();
    try (SafetensorsFile saved = SafetensorsFile.open(file)) {
      for (String name : saved.names()) {
        FloatBuffer values = FloatBuffer.allocate((int) saved.info(name).elements());
        saved.readFloats(name, values);
        tensors.put(name, new Stored(saved.info(name).shape(), values.array()));
      }
    }
    return tensors;
  }
}
