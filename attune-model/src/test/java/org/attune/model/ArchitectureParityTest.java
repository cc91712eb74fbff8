package org.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.attune.model.ParityTable.Column;
import org.attune.model.checkpoint.ModelDirectory;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.generate.Generation;
import org.attune.model.generate.SamplingConfig;
import org.attune.model.transformer.ExpertLoad;
import org.attune.model.transformer.KeyValueCache;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.weights.WeightSpec;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Logits, gradients, continuations and scores against transformers' own, on whole texts of
 * different length in one batch.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureParityTest {
  private static final String CAUSAL = "org.attune.model.ParityCases#causal";
  private static final String FAMILIES = "org.attune.model.ParityCases#families";

  private static final String EXPERTS = "org.attune.model.ParityCases#experts";

  private static final Path SAVED = Path.of("target", "saved");

  private final ParityTable table = new ParityTable();

  @AfterAll
  void writeTable() {
    table.write();
  }

  @ParameterizedTest
  @MethodSource(CAUSAL)
  void logits_and_gradients_are_those_of_the_original(String name) {
    Goldens golden = Goldens.open(name);
    List<int[]> texts = sequences(golden.values().get("input_ids"));
    try (LanguageModel model = LanguageModel.load(ParityCases.directory(name));
        Replica replica = model.trainableReplica(DType.FLOAT32);
        SafetensorsFile expected = SafetensorsFile.open(golden.tensors());
        TensorScope scope = TensorScope.open()) {
      TokenBatch batch = TokenBatch.of(texts);
      Tensor logits = replica.logits(replica.hidden(batch));

      List<Integer> predicting = new ArrayList<>();
      List<Integer> targets = new ArrayList<>();
      for (int s = 0; s < texts.size(); s++) {
        Tensor own = GradientMode.without(() -> logits.detached());
        float[] actual = own.narrow(0, batch.start(s), batch.length(s)).toFloats();
        float[] original = floats(expected, "logits." + s);
        Tolerance.LOGITS.check(name + " logits." + s, actual, original);
        table.measured(model.architecture().modelType(), Column.LOGITS, actual, original);
        for (int t = 1; t < batch.length(s); t++) {
          predicting.add(batch.start(s) + t - 1);
          targets.add(texts.get(s)[t]);
        }
      }
      Tensor loss =
          logits
              .indexSelect(0, Tensor.indices(ints(predicting)))
              .crossEntropySum(Tensor.indices(ints(targets)))
              .dividedBy(targets.size());
      Tolerance.LOGITS.check(name + " loss", loss.item(), golden.values().get("loss").asDouble());

      loss.backward();
      replica.collect();
      for (WeightSpec spec : model.weights().specs()) {
        float[] actual = model.weights().viewIn(replica.gradients(), spec.name()).toFloats();
        float[] original = floats(expected, "grad." + spec.name());
        if (zeroGradients(golden).contains(spec.name())) { // rounding noise on both sides
          Tolerance.FLOAT32.check(name + " " + spec.name(), actual, new float[actual.length]);
          continue;
        }
        Tolerance.GRADIENTS.check(name + " gradient of " + spec.name(), actual, original);
        table.measured(model.architecture().modelType(), Column.GRADIENTS, actual, original);
      }
    }
  }

  /** Of weights that cancel out, such as a bias of keys where softmax sees only differences. */
  private static List<String> zeroGradients(Goldens golden) {
    return StreamSupport.stream(
            golden.values().path("zero_gradients").spliterator(), /* parallel= */ false)
        .map(JsonNode::asText)
        .toList();
  }

  @ParameterizedTest
  @MethodSource(EXPERTS)
  void the_loss_of_the_router_and_its_gradients_are_those_of_the_original(String name) {
    Goldens golden = Goldens.open(name);
    try (LanguageModel model = LanguageModel.load(ParityCases.directory(name));
        Replica replica = model.trainableReplica(DType.FLOAT32);
        SafetensorsFile expected = SafetensorsFile.open(golden.tensors());
        TensorScope scope = TensorScope.open()) {
      TokenBatch batch = TokenBatch.of(sequences(golden.values().get("input_ids")));
      ExpertLoad load = new ExpertLoad();
      replica.hidden(batch, load);
      Tensor loss = load.balanceLoss();

      loss.backward();
      replica.collect();

      Tolerance.LOGITS.check(name, loss.item(), golden.values().get("router_loss").asDouble());
      for (WeightSpec spec : model.weights().specs()) {
        String gradient = "grad.router_loss." + spec.name();
        if (expected.names().contains(gradient)) {
          Tolerance.GRADIENTS.check(
              name + " " + gradient,
              model.weights().viewIn(replica.gradients(), spec.name()).toFloats(),
              floats(expected, gradient));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource(FAMILIES)
  void prompts_in_one_batch_continue_as_the_original_continues_each(String name) {
    JsonNode greedy = Goldens.open(name).values().get("greedy");
    try (LanguageModel model = LanguageModel.load(ParityCases.directory(name));
        Replica replica = model.frozenReplica(DType.FLOAT32);
        Workers workers = new Workers(1)) {
      List<int[]> prompts = new ArrayList<>();
      List<int[]> continuations = new ArrayList<>();
      for (JsonNode one : greedy) {
        prompts.add(ints(one.get("prompt_ids")));
        continuations.add(ints(one.get("new_ids")));
      }
      SamplingConfig config =
          SamplingConfig.builder().temperature(0).maxNewTokens(continuations.get(0).length).build();

      List<Generation> generations =
          model.generator(replica, workers).generate(prompts, config, Set.of());

      for (int i = 0; i < prompts.size(); i++) {
        assertThat(generations.get(i).tokens()).containsExactly(continuations.get(i));
      }
      table.equal(model.architecture().modelType(), Column.GENERATION);
    }
  }

  @ParameterizedTest
  @MethodSource(FAMILIES)
  void tokens_one_by_one_give_the_logits_of_the_whole_text(String name) {
    Goldens golden = Goldens.open(name);
    int[] text = sequences(golden.values().get("input_ids")).get(0);
    try (LanguageModel model = LanguageModel.load(ParityCases.directory(name));
        Replica replica = model.frozenReplica(DType.FLOAT32);
        SafetensorsFile expected = SafetensorsFile.open(golden.tensors());
        TensorScope scope = TensorScope.open()) {
      TokenBatch first = TokenBatch.of(List.of(new int[] {text[0]}));
      int vocabulary = model.architecture().vocabularySize();
      FloatBuffer logits = FloatBuffer.allocate(text.length * vocabulary);
      try (KeyValueCache cache =
          new KeyValueCache(
              first,
              text.length,
              model.architecture().layers(),
              model.architecture().keyHeads(),
              model.architecture().headSize())) {
        GradientMode.useWithout(
            () -> {
              Tensor prefilled = replica.hidden(first, cache.prefill(first));
              logits.put(replica.logits(prefilled).toFloats());
              for (int t = 1; t < text.length; t++) {
                TokenBatch next = TokenBatch.next(new int[] {text[t]}, new int[] {t});
                logits.put(replica.logits(replica.hidden(next, cache.next())).toFloats());
              }
            });
      }

      Tolerance.LOGITS.check(name, logits.array(), floats(expected, "logits.0"));
    }
  }

  @ParameterizedTest
  @MethodSource(FAMILIES)
  void a_score_head_reads_the_last_token_of_each_sequence_as_the_original_does(String name) {
    Goldens golden = Goldens.open(name);
    try (LanguageModel model = LanguageModel.load(ParityCases.directory(name), Head.SCORE, 0);
        SafetensorsFile expected = SafetensorsFile.open(golden.tensors())) {
      expected.readFloats(Head.SCORE_WEIGHT, scoreWeight(model));
      TokenBatch batch = TokenBatch.of(sequences(golden.values().get("input_ids")));
      float[] original = floats(expected, "scores");

      try (Replica replica = model.frozenReplica(DType.FLOAT32)) {
        float[] scores =
            TensorScope.with(() -> GradientMode.without(() -> replica.scores(batch)).toFloats());

        Tolerance.LOGITS.check("scores", scores, original);
        table.measured(model.architecture().modelType(), Column.HEADS, scores, original);
      }
    }
  }

  private static FloatBuffer scoreWeight(LanguageModel model) {
    return TensorScope.with(() -> model.weights().get(Head.SCORE_WEIGHT).floats());
  }

  /** parity/round_trip.py loads the same directories in transformers. */
  @ParameterizedTest
  @MethodSource(FAMILIES)
  void a_saved_directory_is_the_original_again(String name) throws IOException {
    Path original = ParityCases.directory(name);
    JsonNode classes = Goldens.open(name).values().get("classes");
    Path causal = Files.createDirectories(SAVED.resolve(name).resolve("causal"));
    Path classifier = Files.createDirectories(SAVED.resolve(name).resolve("classifier"));
    try (LanguageModel model = LanguageModel.load(original);
        LanguageModel scoring = LanguageModel.load(original, Head.SCORE, 0)) {
      model.save(causal);
      scoring.save(classifier);

      try (LanguageModel again = LanguageModel.load(causal);
          LanguageModel scoringAgain = LanguageModel.load(classifier)) {
        assertThat(again.architecture()).isEqualTo(model.architecture());
        assertThat(flat(again)).isEqualTo(flat(model));
        assertThat(flat(scoringAgain)).isEqualTo(flat(scoring));
      }
      assertThat(classNames(causal)).containsExactly(classes.get("causal").asText());
      assertThat(classNames(classifier)).containsExactly(classes.get("classifier").asText());
      table.equal(model.architecture().modelType(), Column.ROUND_TRIP);
    }
  }

  static List<String> classNames(Path directory) {
    return ModelDirectory.open(directory).config().texts("architectures");
  }

  static float[] flat(LanguageModel model) {
    return TensorScope.with(() -> model.weights().flat().toFloats());
  }

  @Test
  void a_classifier_scores_the_last_token_of_each_sequence_as_the_original_does() {
    Goldens golden = Goldens.open("llama-random-classifier");
    try (LanguageModel model =
            LanguageModel.load(ParityCases.directory("llama-random-classifier"));
        Replica replica = model.frozenReplica(DType.FLOAT32);
        SafetensorsFile expected = SafetensorsFile.open(golden.tensors());
        TensorScope scope = TensorScope.open()) {
      TokenBatch batch = TokenBatch.of(sequences(golden.values().get("input_ids")));

      float[] scores = GradientMode.without(() -> replica.scores(batch).toFloats());

      Tolerance.LOGITS.check("scores", scores, floats(expected, "scores"));
    }
  }

  static List<int[]> sequences(JsonNode rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(ArchitectureParityTest::ints)
        .toList();
  }

  static int[] ints(JsonNode row) {
    return StreamSupport.stream(row.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  static float[] floats(SafetensorsFile file, String name) {
    FloatBuffer buffer = FloatBuffer.allocate((int) file.info(name).elements());
    file.readFloats(name, buffer);
    return buffer.array();
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }
}
