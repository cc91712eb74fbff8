package org.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.checkpoint.SafetensorsWriter;
import org.attune.model.generate.Generation;
import org.attune.model.generate.SamplingConfig;
import org.attune.model.gguf.GgufExport;
import org.attune.model.gguf.GgufType;
import org.attune.model.pipeline.FeatureExtractor;
import org.attune.model.pipeline.TextGenerator;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.testkit.Goldens;
import org.attune.testkit.NoTensorLeaks;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A model whose encoder reads the prompt, through the calls that every model has. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(NoTensorLeaks.class)
class Seq2SeqTest {
  private static final Path MODEL = ParityCases.directory("seq2seq-t5");
  private static final Path WITH_TOKENIZER = ParityCases.directory("seq2seq-text");
  private static final int[] SHORT = {9, 4, 1};
  private static final int[] LONG = {12, 40, 7, 33, 8, 21, 90, 5, 17, 60, 3, 1};

  @Nested
  class Writing {
    @Test
    void a_text_is_the_originals_and_stands_by_itself() {
      SamplingConfig greedy = SamplingConfig.builder().temperature(0).maxNewTokens(12).build();
      try (TextGenerator writer = TextGenerator.load(WITH_TOKENIZER)) {
        for (JsonNode row : Goldens.open("seq2seq-text").values().get("rows")) {
          assertThat(writer.generate(row.get("prompt").asText(), greedy).completion())
              .isEqualTo(row.get("new_text").asText());
        }
      }
    }

    @Test
    void samples_do_not_depend_on_their_neighbours() {
      SamplingConfig sampling =
          SamplingConfig.builder()
              .temperature(1)
              .seed(3)
              .samplesPerPrompt(3)
              .maxNewTokens(9)
              .build();

      List<Generation> together = written(List.of(LONG, SHORT), sampling);
      List<Generation> alone = written(List.of(LONG), sampling);

      for (int i = 0; i < alone.size(); i++) {
        assertThat(together.get(i).tokens()).isEqualTo(alone.get(i).tokens());
      }
      assertThat(together.get(0).tokens()).isNotEqualTo(together.get(1).tokens());
    }

    @Test
    void sequences_that_end_early_leave_what_the_others_read() {
      SamplingConfig greedy = SamplingConfig.builder().temperature(0).maxNewTokens(20).build();
      List<int[]> prompts = List.of(SHORT, LONG, new int[] {50, 1}, new int[] {70, 71, 72, 1});
      List<Generation> endless = written(prompts, greedy, Set.of());
      Set<Integer> ends =
          Set.copyOf(List.of(endless.get(0).tokens()[2], endless.get(3).tokens()[0]));

      List<Generation> ended = written(prompts, greedy, ends);

      for (int i = 0; i < prompts.size(); i++) {
        assertThat(endless.get(i).tokens()).startsWith(ended.get(i).tokens());
      }
      assertThat(ended.get(3).tokens()).hasSize(1);
    }

    private List<Generation> written(List<int[]> prompts, SamplingConfig config) {
      return written(prompts, config, Set.of());
    }

    private List<Generation> written(
        List<int[]> prompts, SamplingConfig config, Set<Integer> ends) {
      try (LanguageModel model = LanguageModel.load(MODEL);
          Replica replica = model.frozenReplica(DType.FLOAT32);
          Workers workers = new Workers(1)) {
        return model.generator(replica, workers).generate(prompts, config, ends);
      }
    }

    @Test
    void length_limits_count_the_decoders_tokens() {
      SamplingConfig config =
          SamplingConfig.builder().temperature(0).maxLength(4).maxNewTokens(9).build();

      assertThat(written(List.of(LONG), config).get(0).tokens()).hasSize(3); // behind its start
    }
  }

  @Nested
  class The_encoder_alone {
    @Test
    void makes_features_of_texts() {
      try (FeatureExtractor features = FeatureExtractor.load(WITH_TOKENIZER)) {
        float[][] rows = features.features(List.of("Where is my ball?")).get(0);

        assertThat(rows[0]).hasSize(16);
      }
    }

    @Test
    void leaves_the_decoders_weights_in_the_file() {
      try (LanguageModel model = LanguageModel.load(MODEL, Head.NONE, 0)) {
        assertThat(model.weights().specs())
            .noneMatch(spec -> spec.name().contains("decoder"))
            .isNotEmpty();
      }
    }
  }

  @Test
  void copies_of_the_shared_table_in_old_checkpoints_are_left_alone(@TempDir Path folder)
      throws IOException {
    Files.copy(MODEL.resolve("config.json"), folder.resolve("config.json"));
    SafetensorsWriter writer = new SafetensorsWriter();
    try (SafetensorsFile stored = SafetensorsFile.open(MODEL.resolve("model.safetensors"))) {
      for (String name : stored.names()) {
        add(writer, stored, name, name);
      }
      for (String copy :
          List.of("encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight")) {
        add(writer, stored, "shared.weight", copy);
      }
      add(
          writer,
          stored,
          "decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
          "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight");
      writer.writeFile(folder.resolve("model.safetensors"));
    }

    try (LanguageModel old = LanguageModel.load(folder);
        LanguageModel model = LanguageModel.load(MODEL)) {
      assertThat(ArchitectureParityTest.flat(old)).isEqualTo(ArchitectureParityTest.flat(model));
    }
  }

  private static void add(
      SafetensorsWriter writer, SafetensorsFile stored, String name, String as) {
    FloatBuffer values = FloatBuffer.wrap(ArchitectureParityTest.floats(stored, name));
    writer.addFloats(as, stored.info(name).shape(), () -> values);
  }

  @Nested
  class Wrong_use {
    @Test
    void a_batch_without_a_source_is_refused() {
      try (LanguageModel model = LanguageModel.load(MODEL);
          Replica replica = model.frozenReplica(DType.FLOAT32);
          TensorScope scope = TensorScope.open()) {
        assertThatThrownBy(
                () -> GradientMode.without(() -> replica.hidden(TokenBatch.of(List.of(SHORT)))))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("the batch has none")
            .hasMessageContaining("TokenBatch.reading");
      }
    }

    @Test
    void sources_of_another_number_are_refused() {
      TokenBatch one = TokenBatch.of(List.of(SHORT));

      assertThatThrownBy(() -> one.reading(TokenBatch.of(List.of(SHORT, LONG))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1 sequences cannot read 2 sources");
    }

    @Test
    void a_text_without_an_end_token_cannot_be_scored() {
      try (LanguageModel model = LanguageModel.load(MODEL, Head.SCORE, 0);
          Replica replica = model.frozenReplica(DType.FLOAT32);
          TensorScope scope = TensorScope.open()) {
        TokenBatch texts = TokenBatch.of(List.of(SHORT, new int[] {4, 5}));

        assertThatThrownBy(() -> GradientMode.without(() -> replica.scores(texts)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("Sequence 2 of 2 has no end token 1");
      }
    }

    @Test
    void a_gguf_file_of_it_is_refused() {
      try (LanguageModel model = LanguageModel.load(MODEL)) {
        assertThatThrownBy(() -> new GgufExport(model.config(), GgufType.F16))
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining("model_type")
            .hasMessageContaining("to be written as GGUF");
      }
    }

    @Test
    void a_masked_head_is_refused() {
      assertThatThrownBy(() -> LanguageModel.load(MODEL, Head.MASKED, 0))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("cannot fill masks");
    }
  }
}
