package org.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.attune.model.adapter.Adapters;
import org.attune.model.adapter.LoraConfig;
import org.attune.model.adapter.LoraInit;
import org.attune.model.adapter.ModuleSelection;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.SavedForm;
import org.attune.model.checkpoint.StoredType;
import org.attune.model.pipeline.TextClassifier;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models whose weights are kept in bfloat16. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BfloatModelTest {
  private static final List<int[]> TEXTS = List.of(new int[] {1, 5, 9, 3, 7}, new int[] {2, 4});

  /** A bfloat16 has 8 bits; a few layers add their roundings up. */
  private static final double ROUNDED = 8.0 / 256;

  private static final SavedForm SHORT =
      new SavedForm(StoredType.BF16, SavedForm.FLOAT32.maxShardBytes());

  @TempDir private Path directory;

  /** Such a file loses nothing by being kept as it is. */
  private Path savedInBfloat16(Path source) {
    try (LanguageModel model = LanguageModel.load(source)) {
      model.save(directory, SHORT);
    }
    return directory;
  }

  private static float[] outputs(LanguageModel model, DType type) {
    try (Replica replica = model.frozenReplica(type);
        TensorScope scope = TensorScope.open()) {
      TokenBatch batch = TokenBatch.of(TEXTS);
      return GradientMode.without(
              () ->
                  model.head() == Head.SCORE
                      ? replica.scores(batch)
                      : replica.logits(replica.hidden(batch)))
          .toFloats();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "family-gpt2",
        "family-llama",
        "family-opt-350m",
        "family-gpt_neox",
        "family-falcon-rw",
        "family-mixtral",
        "bert-classifier",
        "modernbert-classifier"
      })
  void compute_with_the_bits_of_one_that_was_loaded_in_float32(String golden) {
    Path saved = savedInBfloat16(ParityCases.directory(golden));
    try (LanguageModel whole = LanguageModel.load(saved);
        LanguageModel half = LanguageModel.load(saved, DType.BFLOAT16)) {
      assertThat(outputs(half, DType.BFLOAT16)).isEqualTo(outputs(whole, DType.BFLOAT16));
      assertThat(outputs(half, DType.FLOAT32)).isEqualTo(outputs(whole, DType.FLOAT32));
      assertThat(half.weights().bytes()).isEqualTo(whole.weights().bytes() / 2);
    }
  }

  @Test
  void round_what_a_file_holds_in_float32() {
    try (LanguageModel whole = LanguageModel.load(Bundled.stories260k());
        LanguageModel half = LanguageModel.load(Bundled.stories260k(), DType.BFLOAT16);
        TensorScope scope = TensorScope.open()) {
      Tensor flat = whole.weights().flat();

      assertThat(half.weights().flat().to(DType.FLOAT32).toFloats())
          .isEqualTo(flat.to(DType.BFLOAT16).to(DType.FLOAT32).toFloats());
    }
  }

  @Test
  void carry_an_adapter_whose_gradients_are_those_on_a_whole_base() {
    Path saved = savedInBfloat16(ParityCases.directory("family-llama"));
    try (LanguageModel whole = LanguageModel.load(saved);
        LanguageModel half = LanguageModel.load(saved, DType.BFLOAT16)) {
      assertThat(gradients(half)).isEqualTo(gradients(whole));
    }
  }

  private static float[] gradients(LanguageModel model) {
    LoraConfig config =
        LoraConfig.builder()
            .rank(2)
            .init(LoraInit.RANDOM)
            .targets(new ModuleSelection(List.of("q_proj", "embed_tokens", "up_proj"), null))
            .build();
    model.adapters().add(Adapters.DEFAULT, config, 3);
    try (Replica replica = model.trainableReplica(DType.BFLOAT16);
        TensorScope scope = TensorScope.open()) {
      replica.logits(replica.hidden(TokenBatch.of(TEXTS))).squared().mean().backward();
      replica.collect();
      return GradientMode.without(() -> replica.gradients().toFloats());
    }
  }

  @Test
  void cannot_be_trained_whole_nor_take_up_an_adapter() {
    try (LanguageModel model = LanguageModel.load(Bundled.stories260k(), DType.BFLOAT16)) {
      assertThatThrownBy(() -> model.trainableReplica(DType.BFLOAT16))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "Weights in BFLOAT16 cannot be trained. Load the model in float32, or train an adapter of it.");

      model.adapters().add(Adapters.DEFAULT, LoraConfig.builder().rank(2).build(), 3);
      assertThatThrownBy(() -> model.adapters().mergeActive())
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("in fewer bits")
          .hasMessageContaining("Load it whole to merge");
    }
  }

  @Test
  void are_saved_as_they_are() {
    try (LanguageModel model = LanguageModel.load(Bundled.stories260k(), DType.BFLOAT16)) {
      model.save(directory, SHORT);

      try (LanguageModel again = LanguageModel.load(directory, DType.BFLOAT16);
          TensorScope scope = TensorScope.open()) {
        assertThat(again.weights().flat().to(DType.FLOAT32).toFloats())
            .isEqualTo(model.weights().flat().to(DType.FLOAT32).toFloats());
      }
    }
  }

  @Test
  void are_kept_so_where_that_loses_nothing() {
    Path saved = savedInBfloat16(Bundled.stories260k());

    assertThat(LanguageModel.frozenType(saved, DType.BFLOAT16)).isEqualTo(DType.BFLOAT16);
    assertThat(LanguageModel.frozenType(saved, DType.FLOAT32)).isEqualTo(DType.FLOAT32);
    assertThat(LanguageModel.frozenType(Bundled.stories260k(), DType.BFLOAT16))
        .isEqualTo(DType.FLOAT32);
  }

  @Test
  void classify_texts_in_that_type() {
    Path saved = savedInBfloat16(ParityCases.directory("bert-classifier"));
    try (TextClassifier half = TextClassifier.load(saved, DType.BFLOAT16);
        LanguageModel whole = LanguageModel.load(saved)) {
      assertThat(half.classify(List.of("the cat"))).hasSize(1);
      assertThat(whole.weights().type()).isEqualTo(DType.FLOAT32);
    }
  }

  @Test
  void are_near_their_originals() {
    try (LanguageModel whole = LanguageModel.load(Bundled.stories260k());
        LanguageModel half = LanguageModel.load(Bundled.stories260k(), DType.BFLOAT16)) {
      float[] expected = outputs(whole, DType.FLOAT32);
      float[] actual = outputs(half, DType.FLOAT32);

      assertThat(actual).isNotEqualTo(expected);
      double far = 0;
      double largest = 0;
      for (int i = 0; i < expected.length; i++) {
        far = Math.max(far, Math.abs(actual[i] - expected[i]));
        largest = Math.max(largest, Math.abs(expected[i]));
      }
      assertThat(far / largest).isLessThan(ROUNDED);
    }
  }
}
