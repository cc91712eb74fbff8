package org.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.attune.model.ParityTable.Column;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.tokenizer.TokenSequence;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.weights.WeightSpec;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Encoders and their heads against transformers' own, on texts of different length in one batch,
 * which the original pads.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EncoderParityTest {
  /** The models whose rows this test fills; the causal ones have more tests elsewhere. */
  private static final Set<String> ENCODERS = Set.of("bert", "roberta", "distilbert", "modernbert");

  private static final Path SAVED = Path.of("target", "saved-encoders");

  private final ParityTable table = new ParityTable();

  @AfterAll
  void writeTable() {
    table.write();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bert-masked", "roberta-masked", "distilbert-masked", "modernbert-masked"})
  void masked_tokens_are_scored_as_by_the_original(String name) {
    with(
        name,
        Head.MASKED,
        (golden, replica, batch, expected) -> {
          Tensor hidden = replica.hidden(batch);
          check(name, Column.LOGITS, "hidden", hidden, expected);
          Tensor logits = replica.logits(hidden);
          check(name, Column.LOGITS, "logits", logits, expected);
          return logits.crossEntropySum(targets(golden)).dividedBy(batch.tokens());
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-tokens",
        "roberta-tokens",
        "distilbert-tokens",
        "modernbert-tokens",
        "llama-tokens",
        "gpt2-tokens"
      })
  void tokens_are_classified_as_by_the_original(String name) {
    with(
        name,
        Head.TOKENS,
        (golden, replica, batch, expected) -> {
          Tensor logits = replica.scores(batch);
          check(name, Column.HEADS, "logits", logits, expected);
          return logits.crossEntropySum(targets(golden)).dividedBy(batch.tokens());
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-classifier",
        "roberta-classifier",
        "distilbert-classifier",
        "modernbert-classifier",
        "modernbert-cls-classifier"
      })
  void sequences_are_classified_as_by_the_original(String name) {
    with(
        name,
        Head.SCORE,
        (golden, replica, batch, expected) -> {
          Tensor scores = replica.scores(batch);
          check(name, Column.HEADS, "scores", scores, expected);
          int sequences = batch.sequences();
          int labels = (int) scores.size(1);
          if (labels == 1) {
            return scores.minus(1).squared().mean();
          }
          int[] classes = IntStream.range(0, sequences).map(i -> i % labels).toArray();
          return scores.crossEntropySum(Tensor.indices(classes)).dividedBy(sequences);
        });
  }

  /** parity/round_trip.py loads the same directories in transformers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-masked",
        "bert-classifier",
        "bert-tokens",
        "roberta-masked",
        "roberta-classifier",
        "roberta-tokens",
        "distilbert-masked",
        "distilbert-classifier",
        "distilbert-tokens",
        "modernbert-masked",
        "modernbert-classifier",
        "modernbert-cls-classifier",
        "modernbert-tokens"
      })
  void a_saved_directory_is_the_original_again(String name) throws IOException {
    Path original = ParityCases.directory(name);
    Path saved = Files.createDirectories(SAVED.resolve(name));
    try (LanguageModel model = LanguageModel.load(original)) {
      model.save(saved);

      try (LanguageModel again = LanguageModel.load(saved)) {
        assertThat(again.architecture()).isEqualTo(model.architecture());
        assertThat(again.head()).isEqualTo(model.head());
        assertThat(again.labels()).isEqualTo(model.labels());
        assertThat(ArchitectureParityTest.flat(again))
            .isEqualTo(ArchitectureParityTest.flat(model));
      }
      assertThat(ArchitectureParityTest.classNames(saved))
          .isEqualTo(ArchitectureParityTest.classNames(original));
      table.equal(model.architecture().modelType(), Column.ROUND_TRIP);
    }
  }

  /** Computes a loss from a golden's batch. */
  private interface Loss {
    Tensor of(JsonNode golden, Replica replica, TokenBatch batch, SafetensorsFile expected);
  }

  private void with(String name, Head head, Loss loss) {
    Goldens golden = Goldens.open(name);
    try (LanguageModel model = LanguageModel.load(ParityCases.directory(name));
        Replica replica = model.trainableReplica(DType.FLOAT32);
        SafetensorsFile expected = SafetensorsFile.open(golden.tensors());
        TensorScope scope = TensorScope.open()) {
      assertThat(model.head()).isEqualTo(head);
      Tensor value = loss.of(golden.values(), replica, batch(golden.values()), expected);
      Tolerance.LOGITS.check(name + " loss", value.item(), golden.values().get("loss").asDouble());

      value.backward();
      replica.collect();
      String modelType = model.architecture().modelType();
      List<String> compared = new ArrayList<>();
      for (WeightSpec spec : model.weights().specs()) {
        String gradient = "grad." + spec.name();
        if (expected.names().contains(gradient)) {
          compared.add(spec.name());
          float[] actual = model.weights().viewIn(replica.gradients(), spec.name()).toFloats();
          float[] original = ArchitectureParityTest.floats(expected, gradient);
          if (model.architecture().isEncoder()) {
            table.measured(modelType, Column.GRADIENTS, actual, original);
          }
          Tolerance.GRADIENTS.check(name + " gradient of " + spec.name(), actual, original);
        }
      }
      assertThat(compared)
          .hasSize((int) expected.names().stream().filter(n -> n.startsWith("grad.")).count());
    }
  }

  private static TokenBatch batch(JsonNode golden) {
    List<int[]> ids = ArchitectureParityTest.sequences(golden.get("input_ids"));
    if (!golden.has("token_type_ids")) {
      return TokenBatch.of(ids);
    }
    List<int[]> types = ArchitectureParityTest.sequences(golden.get("token_type_ids"));
    return TokenBatch.ofSequences(
        IntStream.range(0, ids.size())
            .mapToObj(i -> new TokenSequence(ids.get(i), types.get(i)))
            .toList());
  }

  private static Tensor targets(JsonNode golden) {
    int[] flat =
        StreamSupport.stream(golden.get("targets").spliterator(), false)
            .flatMap(row -> StreamSupport.stream(row.spliterator(), false))
            .mapToInt(JsonNode::asInt)
            .toArray();
    return Tensor.indices(flat);
  }

  private void check(
      String name, Column column, String what, Tensor actual, SafetensorsFile expected) {
    float[] values = GradientMode.without(actual::detached).toFloats();
    float[] original = ArchitectureParityTest.floats(expected, what);
    String modelType = name.substring(0, name.indexOf('-'));
    if (ENCODERS.contains(modelType)) {
      table.measured(modelType, column, values, original);
    }
    Tolerance.LOGITS.check(name + " " + what, values, original);
  }
}
