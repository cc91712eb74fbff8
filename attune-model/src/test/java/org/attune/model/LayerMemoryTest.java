package org.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.attune.model.transformer.ExpertLoad;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a forward pass leaves in its scope: a batch's tensors, and one for each layer. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LayerMemoryTest {
  private static final String FAMILIES = "org.attune.model.LayerMemoryTest#families";
  private static final String EXPERTS = "org.attune.model.ParityCases#experts";

  /** Turns, masks, embeddings, a norm and where tokens lie; two layers that keep all make more. */
  private static final int SHARED_BY_LAYERS = 25;

  static Stream<String> families() {
    return Stream.concat(
        ParityCases.families(),
        Stream.of("bert-masked", "roberta-masked", "distilbert-masked", "modernbert-masked"));
  }

  @ParameterizedTest
  @MethodSource(FAMILIES)
  void a_layer_leaves_nothing_but_its_output(String name) {
    try (LanguageModel model = LanguageModel.load(ParityCases.directory(name));
        Replica replica = model.frozenReplica(DType.FLOAT32);
        TensorScope scope = TensorScope.open()) {
      TokenBatch batch = TokenBatch.of(List.of(new int[] {1, 2, 3, 4, 5}, new int[] {6, 7}));
      long before = TensorScope.liveCount();

      GradientMode.useWithout(() -> replica.hidden(batch));

      assertThat(TensorScope.liveCount() - before)
          .isLessThanOrEqualTo(SHARED_BY_LAYERS + model.architecture().layers());
    }
  }

  @ParameterizedTest
  @MethodSource(EXPERTS)
  void nor_does_one_whose_load_of_experts_is_asked_for(String name) {
    try (LanguageModel model = LanguageModel.load(ParityCases.directory(name));
        Replica replica = model.frozenReplica(DType.FLOAT32);
        TensorScope scope = TensorScope.open()) {
      TokenBatch batch = TokenBatch.of(List.of(new int[] {1, 2, 3, 4, 5}, new int[] {6, 7}));
      long before = TensorScope.liveCount();

      GradientMode.useWithout(() -> replica.hidden(batch, new ExpertLoad()));

      assertThat(TensorScope.liveCount() - before)
          .isLessThanOrEqualTo(SHARED_BY_LAYERS + model.architecture().layers());
    }
  }
}
