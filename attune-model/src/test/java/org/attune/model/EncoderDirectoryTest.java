package org.attune.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.checkpoint.SafetensorsWriter;
import org.attune.model.tokenizer.PairEncoding;
import org.attune.model.tokenizer.TokenSequence;
import org.attune.tensor.TensorScope;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EncoderDirectoryTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-masked",
        "bert-classifier",
        "roberta-masked",
        "roberta-classifier",
        "roberta-tokens",
        "distilbert-masked",
        "distilbert-classifier",
        "modernbert-masked",
        "modernbert-classifier",
        "modernbert-tokens"
      })
  void is_the_same_after_it_was_read_and_written(String name) throws IOException {
    Path original = ParityCases.directory(name);
    try (LanguageModel model = LanguageModel.load(original)) {
      model.save(folder);
    }

    assertThat(json(folder).get("architectures")).isEqualTo(json(original).get("architectures"));
    assertThat(json(folder).get("pad_token_id")).isEqualTo(json(original).get("pad_token_id"));
    try (SafetensorsFile expected = weights(original);
        SafetensorsFile actual = weights(folder)) {
      assertThat(actual.names()).containsExactlyInAnyOrderElementsOf(expected.names());
      for (String tensor : expected.names()) {
        assertThat(ArchitectureParityTest.floats(actual, tensor))
            .isEqualTo(ArchitectureParityTest.floats(expected, tensor));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bert-masked, classifier.weight",
    "roberta-masked, classifier.dense.weight",
    "distilbert-masked, pre_classifier.weight",
    "modernbert-masked, classifier.weight"
  })
  void gets_a_new_classification_head_from_the_seed(String name, String weight) {
    Path directory = ParityCases.directory(name);
    try (LanguageModel one = LanguageModel.load(directory, Head.SCORE, 1);
        LanguageModel same = LanguageModel.load(directory, Head.SCORE, 1);
        LanguageModel other = LanguageModel.load(directory, Head.SCORE, 2)) {
      assertThat(one.labels()).containsExactly("LABEL_0");
      assertThat(values(one, weight)).isEqualTo(values(same, weight));
      assertThat(values(one, weight)).isNotEqualTo(values(other, weight));
      assertThat(one.sequenceEncoder().pairEncoding()).isEqualTo(PairEncoding.PAIR);
    }
  }

  private static float[] values(LanguageModel model, String weight) {
    return TensorScope.with(() -> model.weights().get(weight).toFloats());
  }

  @Test
  void is_read_with_the_names_of_berts_first_checkpoints() throws IOException {
    Path original = ParityCases.directory("bert-masked");
    Files.copy(original.resolve("config.json"), folder.resolve("config.json"));
    SafetensorsWriter writer = new SafetensorsWriter();
    try (SafetensorsFile saved = weights(original)) {
      for (String name : saved.names()) {
        String older =
            name.replace("LayerNorm.weight", "LayerNorm.gamma")
                .replace("LayerNorm.bias", "LayerNorm.beta");
        float[] values = ArchitectureParityTest.floats(saved, name);
        writer.addFloats(older, saved.info(name).shape(), () -> FloatBuffer.wrap(values));
      }
      writer.writeDirectory(folder);
    }

    try (LanguageModel model = LanguageModel.load(folder);
        LanguageModel expected = LanguageModel.load(original)) {
      assertThat(values(model, "bert.embeddings.LayerNorm.weight"))
          .isEqualTo(values(expected, "bert.embeddings.LayerNorm.weight"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bert-masked, cls.predictions.decoder.weight",
    "bert-masked, cls.seq_relationship.weight",
    "bert-masked, bert.pooler.dense.weight",
    "roberta-masked, lm_head.decoder.bias",
    "distilbert-masked, vocab_projector.weight"
  })
  void may_hold_what_its_head_does_not_need(String name, String further) throws IOException {
    copyWith(name, further);

    LanguageModel.load(folder).close();
  }

  @ParameterizedTest
  @CsvSource({
    "bert-masked, cls.predictions.transform.scale",
    "roberta-classifier, classifier.weight",
    "modernbert-masked, head.dense.bias",
    "llama-random, lm_head.bias",
    "gpt2-random, lm_head.bias"
  })
  void may_not_hold_what_its_head_would_ignore(String name, String further) throws IOException {
    copyWith(name, further);

    assertThatThrownBy(() -> LanguageModel.load(folder).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("unexpected", further);
  }

  private void copyWith(String name, String further) throws IOException {
    Path original = ParityCases.directory(name);
    Files.copy(original.resolve("config.json"), folder.resolve("config.json"));
    SafetensorsWriter writer = new SafetensorsWriter();
    try (SafetensorsFile saved = weights(original)) {
      for (String tensor : saved.names()) {
        float[] values = ArchitectureParityTest.floats(saved, tensor);
        writer.addFloats(tensor, saved.info(tensor).shape(), () -> FloatBuffer.wrap(values));
      }
      writer.addFloats(further, List.of(2L), () -> FloatBuffer.wrap(new float[2]));
      writer.writeDirectory(folder);
    }
  }

  @Test
  void names_the_labels_of_its_classifier() {
    Path directory = ParityCases.directory("bert-classifier");
    try (LanguageModel model = LanguageModel.load(directory)) {
      assertThat(model.labels()).containsExactly("bad", "good", "odd");
      assertThat(model.problemType()).contains(ProblemType.MULTI_LABEL_CLASSIFICATION);
    }
  }

  @Test
  void reads_a_pair_with_the_types_of_its_tokens() {
    Path directory = ParityCases.directory("bert-classifier");
    try (LanguageModel model = LanguageModel.load(directory)) {
      TokenSequence pair = model.sequenceEncoder().encode(model.tokenizer(), "A dog!", "No.");

      assertThat(pair.types()[0]).isZero();
      assertThat(Arrays.stream(pair.types()).distinct()).containsExactly(0, 1);
      assertThat(pair.types()[pair.length() - 1]).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"CAUSAL, bert-masked", "VALUE, modernbert-masked"})
  void cannot_continue_texts(Head head, String name) {
    Path directory = ParityCases.directory(name);

    assertThatThrownBy(() -> LanguageModel.load(directory, head, 0))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("encoder", "cannot continue", "causal language model");
  }

  @Test
  void without_a_head_is_not_saved() {
    Path directory = ParityCases.directory("bert-masked");
    try (LanguageModel model = LanguageModel.load(directory, Head.NONE, 0)) {
      assertThatThrownBy(() -> model.save(folder))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll("without a head", "Load it with the head");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bert-masked, is_decoder, true, false",
    "bert-masked, hidden_act, '\"mish\"', gelu",
    "bert-masked, position_embedding_type, '\"relative_key\"', absolute",
    "bert-masked, num_attention_heads, 4, hidden_size",
    "roberta-masked, pad_token_id, 40, max_position_embeddings",
    "distilbert-masked, n_heads, 5, dim",
    "bert-classifier, problem_type, '\"ranking\"', single_label_classification",
    "modernbert-classifier, classifier_pooling, '\"max\"', mean",
    "modernbert-masked, layer_types, '[\"full_attention\"]', sliding_attention",
    "modernbert-masked, rope_scaling, '{\"type\":\"linear\"}', scaled"
  })
  void asks_for_what_it_can_compute(String name, String key, String value, String rule)
      throws IOException {
    Path original = ParityCases.directory(name);
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode config = (ObjectNode) json(original);
    config.set(key, mapper.readTree(value));
    Files.copy(original.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    Files.write(folder.resolve("config.json"), config.toString().getBytes(UTF_8));

    assertThatThrownBy(
            () -> {
              try (LanguageModel model = LanguageModel.load(folder)) {
                model.problemType();
              }
            })
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("config.json", key, rule);
  }

  @Test
  void types_must_fit_the_ids() {
    assertThatThrownBy(() -> new TokenSequence(new int[] {1, 2}, new int[] {0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("2 token ids", "1 types");
    assertThat(List.of(TokenSequence.of(1, 2))).contains(TokenSequence.of(1, 2));
  }

  private static JsonNode json(Path directory) throws IOException {
    return new ObjectMapper().readTree(directory.resolve("config.json").toFile());
  }

  private static SafetensorsFile weights(Path directory) {
    return SafetensorsFile.open(directory.resolve("model.safetensors"));
  }
}
