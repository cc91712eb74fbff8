package org.attune.model.experts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.attune.model.LanguageModel;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.StoredTensors;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FusedExpertsTest {
  private static final String GATE_UP = "model.layers.0.mlp.experts.gate_up_proj";
  private static final String DOWN = "model.layers.0.mlp.experts.down_proj";

  @ParameterizedTest
  @ValueSource(strings = {"mixtral", "qwen2_moe", "qwen3_moe-sparse"})
  void are_the_weights_of_experts_that_stand_apart(String name) {
    try (LanguageModel apart = LanguageModel.load(folder("family-" + name, "model"));
        LanguageModel fused = LanguageModel.load(folder("experts-fused", name))) {
      assertThat(flat(fused)).isEqualTo(flat(apart));
    }
  }

  private static Path folder(String golden, String name) {
    return Goldens.open(golden).tensors().resolveSibling(name);
  }

  private static float[] flat(LanguageModel model) {
    return TensorScope.with(() -> model.weights().flat().toFloats());
  }

  @Test
  void have_each_gate_before_its_up() {
    // two experts of two channels inside, for one channel outside
    StoredTensors apart =
        FusedExperts.apart(
            new Checkpoint(Map.of(GATE_UP, List.of(2L, 4L, 1L), DOWN, List.of(2L, 1L, 2L))),
            2,
            ExpertNames.MIXTRAL);

    String experts = "model.layers.0.block_sparse_moe.experts.";
    assertThat(read(apart, experts + "0.w1.weight")).containsExactly(0, 1);
    assertThat(read(apart, experts + "0.w3.weight")).containsExactly(2, 3);
    assertThat(read(apart, experts + "1.w1.weight")).containsExactly(4, 5);
    assertThat(read(apart, experts + "1.w3.weight")).containsExactly(6, 7);
    assertThat(read(apart, experts + "1.w2.weight")).containsExactly(2, 3);
    assertThat(apart.shape(experts + "1.w2.weight")).containsExactly(1L, 2L);
  }

  private static float[] read(StoredTensors tensors, String name) {
    FloatBuffer target = FloatBuffer.allocate(2);
    tensors.readFloats(name, target);
    return target.array();
  }

  @Test
  void of_another_number_stay_as_they_are_and_are_reported_so() {
    StoredTensors stored =
        FusedExperts.apart(
            new Checkpoint(Map.of(DOWN, List.of(1_000_000_000L, 0L, 2L))), 2, ExpertNames.QWEN);

    assertThat(stored.names()).containsExactly(DOWN);
  }

  @Test
  void that_also_stand_apart_are_an_error() {
    String twice = "model.layers.0.mlp.experts.1.down_proj.weight";
    StoredTensors stored =
        new Checkpoint(Map.of(DOWN, List.of(2L, 1L, 2L), twice, List.of(1L, 2L)));

    assertThatThrownBy(() -> FusedExperts.apart(stored, 2, ExpertNames.QWEN))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("twice", twice, "Remove one");
  }

  @Test
  void are_not_read_beyond_an_experts_end() {
    StoredTensors apart =
        FusedExperts.apart(new Checkpoint(Map.of(DOWN, List.of(2L, 1L, 2L))), 2, ExpertNames.QWEN);

    assertThatThrownBy(
            () ->
                apart.readFloats(
                    "model.layers.0.mlp.experts.0.down_proj.weight", 1, FloatBuffer.allocate(2)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("2 elements [1, 2], but 2 from 1 on are expected");
  }

  /** Tensors whose elements are 0, 1, 2, … */
  private record Checkpoint(Map<String, List<Long>> shapes) implements StoredTensors {
    @Override
    public Path source() {
      return Path.of("model.safetensors");
    }

    @Override
    public Set<String> names() {
      return new TreeMap<>(shapes).keySet();
    }

    @Override
    public List<Long> shape(String name) {
      return Objects.requireNonNull(shapes.get(name));
    }

    @Override
    public void readFloats(String name, long first, FloatBuffer target) {
      for (long i = first; target.hasRemaining(); i++) {
        target.put((float) i);
      }
    }

    @Override
    public void close() {}
  }
}
