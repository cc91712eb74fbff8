package org.attune.model.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.checkpoint.StoredType;
import org.attune.model.gguf.GgufFile;
import org.attune.model.gguf.GgufTensor;
import org.attune.model.gguf.GgufType;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class ModelExportTest {
  @TempDir private Path folder;

  @Nested
  final class To_a_gguf_file {
    @ParameterizedTest
    @ValueSource(strings = {"llama-random", "llama-random-biased", "gpt2-random"})
    void in_float32_gives_the_logits_of_the_original(String name) {
      Goldens golden = Goldens.open(name);
      Path file = folder.resolve(name + ".gguf");

      ModelExport.run(() -> original(name), ExportRequest.withDefaults(file, ExportType.F32));

      int[] ids = ids(golden.values().get("input_ids").get(2));
      try (LanguageModel exported = LanguageModel.load(file);
          Replica replica = exported.frozenReplica(DType.FLOAT32);
          SafetensorsFile expected = SafetensorsFile.open(golden.tensors());
          TensorScope scope = TensorScope.open()) {
        float[] logits =
            GradientMode.without(
                () -> replica.logits(replica.hidden(TokenBatch.of(List.of(ids)))).toFloats());
        FloatBuffer reference = FloatBuffer.allocate(logits.length);
        expected.readFloats("logits.2", reference);
        Tolerance.LOGITS.check(name, logits, reference.array());
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-random-biased", "gpt2-random"})
    void writes_the_tensors_that_the_converter_of_llama_cpp_writes(String name) throws IOException {
      Path file = folder.resolve(name + ".gguf");

      ModelExport.run(() -> original(name), ExportRequest.withDefaults(file, ExportType.F16));

      Path converted = Goldens.open("gguf-converted").tensors().resolveSibling(name + ".gguf");
      try (GgufFile ours = GgufFile.open(file);
          GgufFile theirs = GgufFile.open(converted)) {
        assertThat(ours.tensors().keySet())
            .containsExactlyInAnyOrderElementsOf(theirs.tensors().keySet());
        for (GgufTensor tensor : theirs.tensors().values()) {
          GgufTensor own = ours.tensor(tensor.name());
          assertThat(own.type()).as(tensor.name()).isEqualTo(tensor.type());
          assertThat(own.shape()).as(tensor.name()).isEqualTo(tensor.shape());
          Tolerance.EXACT.check(tensor.name(), numbers(ours, own), numbers(theirs, tensor));
        }
      }
    }

    @ParameterizedTest
    @EnumSource
    void keeps_tokenizer_and_meaning_in_every_type(ExportType type) {
      Path file = folder.resolve("stories.gguf");

      ExportProof proof =
          ModelExport.run(
              () -> LanguageModel.load(Bundled.stories260k()),
              ExportRequest.withDefaults(file, type));

      assertThat(proof.holds()).isTrue();
      try (LanguageModel source = LanguageModel.load(Bundled.stories260k());
          LanguageModel exported = LanguageModel.load(file)) {
        for (String text : HeldOutTokens.defaultPrompts()) {
          assertThat(exported.tokenizer().encode(text)).isEqualTo(source.tokenizer().encode(text));
        }
        assertThat(exported.endIds()).contains(2);
      }
    }

    @Test
    void gives_small_types_to_rows_that_fill_their_blocks_only() {
      Path file = folder.resolve("stories.gguf");

      ModelExport.run(
          () -> LanguageModel.load(Bundled.stories260k()),
          ExportRequest.withDefaults(file, ExportType.Q4_0));

      try (GgufFile exported = GgufFile.open(file)) {
        assertThat(type(exported, "blk.0.attn_q.weight")).isEqualTo(GgufType.Q4_0);
        assertThat(type(exported, "blk.0.ffn_down.weight")).isEqualTo(GgufType.F16); // rows of 172
        assertThat(type(exported, "token_embd.weight")).isEqualTo(GgufType.Q8_0);
        assertThat(type(exported, "output_norm.weight")).isEqualTo(GgufType.F32);
      }
    }

    @Test
    void says_beside_it_how_it_was_proven() throws IOException {
      Path file = folder.resolve("stories.gguf");

      ExportProof proof =
          ModelExport.run(
              () -> LanguageModel.load(Bundled.stories260k()),
              ExportRequest.withDefaults(file, ExportType.Q8_0));

      JsonNode manifest = json(folder.resolve("stories.gguf.export.json"));
      assertThat(manifest.at("/type").asText()).isEqualTo("q8_0");
      assertThat(manifest.at("/source").asText()).isEqualTo(Bundled.stories260k().toString());
      assertThat(manifest.at("/proof/outputs").asInt()).isEqualTo(proof.outputs()).isPositive();
      assertThat(manifest.at("/proof/mean_difference").asDouble())
          .isEqualTo(proof.meanDifference())
          .isPositive();
      assertThat(manifest.at("/files/0/name").asText()).isEqualTo("stories.gguf");
      assertThat(manifest.at("/files/0/sha256").asText()).hasSize(64);
    }

    @Test
    void of_a_reward_model_is_refused_and_leaves_nothing() throws IOException {
      assertThatThrownBy(
              () ->
                  ModelExport.run(
                      () -> original("llama-random-classifier"),
                      ExportRequest.withDefaults(folder.resolve("x.gguf"), ExportType.F16)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("scores texts", "Export to a folder");
      assertThat(left()).isEmpty();
    }
  }

  @Nested
  final class To_a_folder {
    @Test
    void casts_and_shards_and_still_loads() throws IOException {
      Path target = folder.resolve("half");

      ExportProof proof =
          ModelExport.run(
              () -> LanguageModel.load(Bundled.stories260k()),
              new ExportRequest(target, ExportType.BF16, "200KB", List.of("Once upon a time")));

      assertThat(proof.meanDifference()).isPositive();
      assertThat(json(target.resolve("config.json")).get("torch_dtype").asText())
          .isEqualTo("bfloat16");
      assertThat(target.resolve("model.safetensors.index.json")).exists();
      try (Stream<Path> files = Files.list(target)) {
        List<Path> shards = files.filter(file -> file.toString().endsWith(".safetensors")).toList();
        assertThat(shards).hasSizeGreaterThan(2);
        for (Path shard : shards) {
          assertThat(Files.size(shard)).isLessThan(220_000);
          try (SafetensorsFile open = SafetensorsFile.open(shard)) {
            assertThat(open.names())
                .allSatisfy(name -> assertThat(open.info(name).type()).isEqualTo(StoredType.BF16));
          }
        }
      }
      assertThat(json(target.resolve("export.json")).at("/files").size()).isGreaterThan(5);
    }

    @Test
    void from_a_gguf_file_gives_the_model_back() {
      Path file = folder.resolve("stories.gguf");
      Path back = folder.resolve("back");
      ModelExport.run(
          () -> LanguageModel.load(Bundled.stories260k()),
          ExportRequest.withDefaults(file, ExportType.F32));

      ExportProof proof =
          ModelExport.run(
              () -> LanguageModel.load(file), ExportRequest.withDefaults(back, ExportType.F32));

      assertThat(proof.largestDifference()).isZero();
      try (LanguageModel first = LanguageModel.load(Bundled.stories260k());
          LanguageModel last = LanguageModel.load(back);
          TensorScope scope = TensorScope.open()) {
        Tolerance.EXACT.check(
            "weights", last.weights().flat().toFloats(), first.weights().flat().toFloats());
      }
    }

    @Test
    void keeps_what_a_reward_model_scores() {
      Path target = folder.resolve("reward");

      ExportProof proof =
          ModelExport.run(
              () -> original("llama-random-classifier"),
              ExportRequest.withDefaults(target, ExportType.F32));

      assertThat(proof.largestDifference()).isZero();
      try (LanguageModel exported = LanguageModel.load(target)) {
        assertThat(exported.head()).isEqualTo(Head.SCORE);
      }
    }

    @Test
    void in_a_type_of_gguf_files_is_refused() {
      assertThatThrownBy(
              () -> ExportRequest.withDefaults(folder.resolve("folder"), ExportType.Q8_0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("--type q8_0", "ends in .gguf", "f32, f16 or bf16");
    }
  }

  @Test
  void replaces_nothing() throws IOException {
    Path target = Files.createDirectory(folder.resolve("mine"));

    assertThatThrownBy(
            () ->
                ModelExport.run(
                    () -> LanguageModel.load(Bundled.stories260k()),
                    ExportRequest.withDefaults(target, ExportType.F16)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("mine exists already", "Remove it");
    assertThat(left()).containsExactly("mine");
  }

  @Test
  void that_changes_what_a_model_says_fails_and_leaves_nothing() throws IOException {
    ModelOutputs source = outputs(-1, -2);
    ExportProof near = ExportProof.of(ExportType.F16, source, outputs(-1.01f, -2));
    ExportProof far = ExportProof.of(ExportType.F16, source, outputs(-1.5f, -2));
    ExportProof broken = ExportProof.of(ExportType.F16, source, outputs(Float.NaN, -2));

    assertThat(near.holds()).isTrue();
    assertThat(far.holds()).isFalse();
    assertThat(broken.holds()).isFalse();
    assertThat(left()).isEmpty();
  }

  @Test
  void of_weights_that_half_precision_cannot_hold_fails_loudly() throws IOException {
    assertThatThrownBy(
            () ->
                ModelExport.run(
                    ModelExportTest::withHugeWeight,
                    ExportRequest.withDefaults(folder.resolve("half.gguf"), ExportType.F16)))
        .isInstanceOf(UnfaithfulExportException.class)
        .hasMessageContainingAll("was not exported", "f16 allows", "Choose a larger type");
    assertThat(left()).isEmpty();
  }

  /** One of its numbers is beyond 65504 and becomes infinite. */
  private static LanguageModel withHugeWeight() {
    LanguageModel model = LanguageModel.load(Bundled.stories260k());
    TensorScope.use(
        () -> model.weights().get("model.layers.0.mlp.up_proj.weight").floats().put(0, 1e6f));
    return model;
  }

  private static ModelOutputs outputs(float... values) {
    return new ModelOutputs(List.of(new ModelOutputs.Output(values, new long[] {3, 4})));
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static GgufType type(GgufFile file, String name) {
    return file.tensor(name).type();
  }

  private static float[] numbers(GgufFile file, GgufTensor tensor) {
    int columns = tensor.shape().get(tensor.shape().size() - 1).intValue();
    long count = tensor.shape().stream().reduce(1L, (a, b) -> a * b);
    float[] numbers = new float[(int) count];
    file.readRows(
        tensor,
        0,
        count / columns,
        (row, values) -> System.arraycopy(values, 0, numbers, (int) row * columns, columns));
    return numbers;
  }

  private static LanguageModel original(String golden) {
    return LanguageModel.load(Goldens.open(golden).tensors().resolveSibling("model"));
  }

  private static int[] ids(JsonNode row) {
    return StreamSupport.stream(row.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }
}
