package org.attune.train.sft;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.weights.WeightSpec;
import org.attune.run.OptimizerConfig;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.testkit.Bundled;
import org.attune.testkit.Tolerance;
import org.attune.train.optimize.Adam;
import org.attune.train.replica.ReplicaGroup;
import org.attune.train.rows.Example;
import org.attune.train.rows.MicroBatches;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How the sequences of a step are split, packed or spread must not change what is learned. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SftEquivalenceTest {
  private static final List<String> TEXTS =
      List.of(
          "Once upon a time, there was a little girl named Lily.",
          "Tom had a red ball. He liked to play with it in the park every day.",
          "The cat sat.",
          "One day, a big dog came to the park and ran after the red ball.",
          "Lily saw a bird.",
          "\"Where is my ball?\" asked Tom. \"It is here,\" said Lily.",
          "They played all day and were happy.",
          "The end.");

  @Nested
  class Splitting {
    @Test
    void eight_sequences_at_once_are_as_four_times_two() {
      requireSame(List.of(List.of(0, 1), List.of(2, 3), List.of(4, 5), List.of(6, 7)), 1);
    }

    @Test
    void eight_sequences_at_once_are_as_each_alone() {
      requireSame(
          List.of(
              List.of(0),
              List.of(1),
              List.of(2),
              List.of(3),
              List.of(4),
              List.of(5),
              List.of(6),
              List.of(7)),
          1);
    }

    @Test
    void one_replica_is_as_two() {
      requireSame(List.of(List.of(0, 2, 4, 6), List.of(1, 3, 5, 7)), 2);
    }

    @Test
    void a_replica_without_work_changes_nothing() {
      requireSame(List.of(List.of(0, 1, 2, 3, 4, 5, 6, 7), List.of()), 2);
    }

    private static void requireSame(List<List<Integer>> split, int replicas) {
      try (LanguageModel model = model()) {
        List<Example> rows = rows(model);
        List<List<Example>> parts =
            split.stream().map(part -> part.stream().map(rows::get).toList()).toList();

        requireEqual(
            measured(model, parts, replicas, DType.FLOAT32),
            measured(model, List.of(rows), 1, DType.FLOAT32));
      }
    }
  }

  @Test
  void packed_rows_teach_what_unpacked_ones_do() {
    try (LanguageModel model = model()) {
      List<Example> rows = rows(model);
      List<List<Example>> packed = Packer.bestFitDecreasing(rows, 48);

      assertThat(packed).hasSizeLessThan(rows.size());
      requireEqual(
          measured(model, packed, 1, DType.FLOAT32),
          measured(model, List.of(rows), 1, DType.FLOAT32));
    }
  }

  @Test
  void an_output_layer_in_many_chunks_is_as_in_one() {
    try (LanguageModel model = model()) {
      List<Example> rows = rows(model);

      requireEqual(
          measuredInChunks(model, rows, 7), measured(model, List.of(rows), 1, DType.FLOAT32));
    }
  }

  @Test
  void the_same_step_twice_gives_the_same_bits() {
    try (LanguageModel model = model()) {
      List<List<Example>> parts =
          new MicroBatches(2, model.architecture().hiddenSize()).of(rows(model), Example::length);

      for (DType type : List.of(DType.FLOAT32, DType.BFLOAT16)) {
        Measured first = measured(model, parts, 2, type);
        Measured again = measured(model, parts, 2, type);

        assertThat(again.loss).isEqualTo(first.loss);
        first.gradients.forEach(
            (name, values) -> assertThat(again.gradient(name)).isEqualTo(values));
      }
    }
  }

  @Nested
  class Bfloat16 {
    private static final Percentage NEAR = Percentage.withPercentage(2);
    private static final double ALIGNED = 0.99;

    @Test
    void stays_close_to_float32() {
      try (LanguageModel model = model()) {
        List<Example> rows = rows(model);
        Measured full = measured(model, List.of(rows), 1, DType.FLOAT32);
        Measured half = measured(model, List.of(rows), 1, DType.BFLOAT16);

        assertThat(half.loss).isCloseTo(full.loss, NEAR);
        assertThat(cosine(full, half)).isGreaterThan(ALIGNED);
      }
    }

    @Test
    void learns_from_weights_that_follow_the_optimizer() {
      assertThat(lossAfterSteps(60, 3e-3, DType.BFLOAT16)).isLessThan(1.0);
    }

    private static double cosine(Measured left, Measured right) {
      double product = 0;
      double leftSquare = 0;
      double rightSquare = 0;
      for (String name : left.gradients.keySet()) {
        float[] x = left.gradient(name);
        float[] y = right.gradient(name);
        for (int i = 0; i < x.length; i++) {
          product += (double) x[i] * y[i];
          leftSquare += (double) x[i] * x[i];
          rightSquare += (double) y[i] * y[i];
        }
      }
      return product / Math.sqrt(leftSquare * rightSquare);
    }
  }

  @Nested
  class Learning {
    @Test
    void eight_sequences_are_learned_by_heart() {
      assertThat(lossAfterSteps(120, 3e-3, DType.FLOAT32)).isLessThan(0.2);
    }
  }

  @Nested
  class Gradients {
    private static final float STEP = 4e-3f;
    private static final Percentage FINITE_DIFFERENCES = Percentage.withPercentage(2);
    private static final Offset<Double> NOISE = Offset.offset(0.02);

    /** The largest gradient of each weight against (L(w + h) − L(w − h)) / 2h. */
    @Test
    void are_those_of_finite_differences_for_every_kind_of_weight() {
      try (LanguageModel model = model()) {
        List<Example> rows = rows(model);
        Measured measured = measured(model, List.of(rows), 1, DType.FLOAT32);
        for (String name :
            List.of(
                "model.embed_tokens.weight",
                "model.layers.2.input_layernorm.weight",
                "model.layers.2.self_attn.q_proj.weight",
                "model.layers.2.self_attn.k_proj.weight",
                "model.layers.2.self_attn.v_proj.weight",
                "model.layers.2.self_attn.o_proj.weight",
                "model.layers.2.post_attention_layernorm.weight",
                "model.layers.2.mlp.gate_proj.weight",
                "model.layers.2.mlp.up_proj.weight",
                "model.layers.2.mlp.down_proj.weight",
                "model.norm.weight")) {
          float[] gradient = measured.gradient(name);
          int at = largest(gradient);
          double above = lossWith(model, rows, name, at, STEP);
          double below = lossWith(model, rows, name, at, -STEP);
          double slope = (above - below) / (2.0 * STEP);

          double tolerated =
              Math.max(NOISE.value, Math.abs(slope) * FINITE_DIFFERENCES.value / 100);
          assertThat((double) gradient[at]).as(name).isCloseTo(slope, Offset.offset(tolerated));
        }
      }
    }

    private static double lossWith(
        LanguageModel model, List<Example> rows, String name, int at, float added) {
      add(model, name, at, added);
      try {
        return measured(model, List.of(rows), 1, DType.FLOAT32).loss;
      } finally {
        add(model, name, at, -added);
      }
    }

    private static void add(LanguageModel model, String name, int at, float added) {
      TensorScope.use(
          () -> {
            var values = model.weights().get(name).floats();
            values.put(at, values.get(at) + added);
          });
    }

    private static int largest(float[] values) {
      int largest = 0;
      for (int i = 0; i < values.length; i++) {
        largest = Math.abs(values[i]) > Math.abs(values[largest]) ? i : largest;
      }
      return largest;
    }
  }

  /** What a step sees before its optimizer acts. */
  private record Measured(double loss, Map<String, float[]> gradients) {
    float[] gradient(String name) {
      return requireNonNull(gradients.get(name));
    }
  }

  private static LanguageModel model() {
    return LanguageModel.load(Bundled.stories260k(), Head.CAUSAL, 0);
  }

  private static List<Example> rows(LanguageModel model) {
    return TEXTS.stream().map(text -> Example.of(model.tokenizer().encode(text))).toList();
  }

  private static Measured measured(
      LanguageModel model, List<List<Example>> parts, int replicas, DType type) {
    long tokens = parts.stream().flatMap(List::stream).mapToLong(Example::learnedCount).sum();
    try (Workers workers = new Workers(replicas);
        ReplicaGroup group = new ReplicaGroup(model, workers, type);
        TensorScope scope = TensorScope.open()) {
      TokenLoss.Sums sums =
          group
              .accumulate(
                  parts,
                  (replica, part) ->
                      TokenLoss.backward(replica, part, 1.0 / tokens, TokenLoss.Figures.LOSS))
              .stream()
              .reduce(TokenLoss.Sums.NONE, TokenLoss.Sums::plus);
      return measured(model, sums, group);
    }
  }

  private static Measured measuredInChunks(LanguageModel model, List<Example> rows, int chunk) {
    long tokens = rows.stream().mapToLong(Example::learnedCount).sum();
    try (Workers workers = new Workers(1);
        ReplicaGroup group = new ReplicaGroup(model, workers, DType.FLOAT32);
        TensorScope scope = TensorScope.open()) {
      TokenLoss.Sums sums =
          group
              .accumulate(
                  List.of(rows),
                  (replica, part) ->
                      TokenLoss.backward(
                          replica, part, 1.0 / tokens, TokenLoss.Figures.LOSS, chunk))
              .get(0);
      return measured(model, sums, group);
    }
  }

  private static Measured measured(LanguageModel model, TokenLoss.Sums sums, ReplicaGroup group) {
    Map<String, float[]> gradients = new LinkedHashMap<>();
    var all = group.gradients();
    for (WeightSpec spec : model.weights().specs()) {
      gradients.put(
          spec.name(),
          GradientMode.without(() -> model.weights().viewIn(all, spec.name()).toFloats()));
    }
    return new Measured(sums.loss() / sums.count(), gradients);
  }

  private static void requireEqual(Measured actual, Measured expected) {
    Tolerance.LOGITS.check("loss", actual.loss, expected.loss);
    expected.gradients.forEach(
        (name, values) -> Tolerance.GRADIENTS.check(name, actual.gradient(name), values));
  }

  private static double lossAfterSteps(int steps, double learningRate, DType type) {
    OptimizerConfig optimizer = OptimizerConfig.builder().learningRate(learningRate).build();
    try (Workers workers = new Workers(2);
        LanguageModel model = model();
        ReplicaGroup group = new ReplicaGroup(model, workers, type);
        Adam adam = new Adam(optimizer, model.weights(), workers);
        TensorScope scope = TensorScope.open()) {
      List<Example> rows = rows(model);
      MicroBatches parts = new MicroBatches(2, model.architecture().hiddenSize());
      SftStep step = new SftStep(group, parts, adam, 1);
      List<Double> losses = new ArrayList<>();
      for (int i = 0; i < steps; i++) {
        losses.add(step.take(rows, learningRate, TokenLoss.Figures.LOSS).loss());
      }
      return losses.get(steps - 1);
    }
  }
}
