package org.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.attune.model.ArchitectureParityTest.classNames;
import static org.attune.model.ArchitectureParityTest.flat;
import static org.attune.model.ArchitectureParityTest.floats;
import static org.attune.model.ArchitectureParityTest.ints;
import static org.attune.model.ArchitectureParityTest.sequences;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.attune.model.ParityTable.Column;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.generate.Generation;
import org.attune.model.generate.SamplingConfig;
import org.attune.model.transformer.Completions;
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
 * Models with an encoder and a decoder against transformers' own, on prompts and answers of
 * different length in one batch.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Seq2SeqParityTest {
  private static final String MODELS = "org.attune.model.ParityCases#seq2seq";
  private static final String ADAPTERS = "org.attune.model.ParityCases#seq2seqAdapters";
  private static final Path SAVED = Path.of("target", "saved-seq2seq");

  private static final int END = 1;

  private final ParityTable table = new ParityTable();

  @AfterAll
  void writeTable() {
    table.write();
  }

  @ParameterizedTest
  @MethodSource(MODELS)
  void logits_and_gradients_of_answers_are_those_of_the_original(String name) {
    Goldens golden = Goldens.open(name);
    List<int[]> answers = sequences(golden.values().get("labels"));
    try (LanguageModel model = LanguageModel.load(ParityCases.directory(name));
        Replica replica = model.trainableReplica(DType.FLOAT32);
        SafetensorsFile expected = SafetensorsFile.open(golden.tensors());
        TensorScope scope = TensorScope.open()) {
      Completions completions =
          replica.completions(sequences(golden.values().get("prompt_ids")), answers);
      Tensor logits =
          replica.logits(completions.predicting(replica.hidden(completions.batch()))); // [M, V]

      int row = 0;
      for (int s = 0; s < answers.size(); s++) {
        int first = row;
        int length = answers.get(s).length;
        float[] actual =
            GradientMode.without(() -> logits.detached().narrow(0, first, length).toFloats());
        float[] original = floats(expected, "logits." + s);
        Tolerance.LOGITS.check(name + " logits." + s, actual, original);
        table.measured("t5", Column.LOGITS, actual, original);
        row += length;
      }
      Tensor loss =
          logits
              .crossEntropySum(Tensor.indices(completions.tokens()))
              .dividedBy(completions.tokens().length);
      Tolerance.LOGITS.check(name + " loss", loss.item(), golden.values().get("loss").asDouble());

      loss.backward();
      replica.collect();
      for (WeightSpec spec : model.weights().specs()) {
        float[] actual = model.weights().viewIn(replica.gradients(), spec.name()).toFloats();
        float[] original = floats(expected, "grad." + spec.name());
        Tolerance.GRADIENTS.check(name + " gradient of " + spec.name(), actual, original);
        table.measured("t5", Column.GRADIENTS, actual, original);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(MODELS)
  void answers_in_one_batch_are_those_of_the_original(String name) {
    JsonNode greedy = Goldens.open(name).values().get("greedy");
    List<int[]> prompts = new ArrayList<>();
    List<int[]> answers = new ArrayList<>();
    for (JsonNode one : greedy) {
      prompts.add(ints(one.get("prompt_ids")));
      answers.add(ints(one.get("new_ids")));
    }
    SamplingConfig config =
        SamplingConfig.builder().temperature(0).maxNewTokens(answers.get(0).length).build();

    List<Generation> generations = generated(name, prompts, config, Set.of());

    for (int i = 0; i < prompts.size(); i++) {
      assertThat(generations.get(i).tokens()).containsExactly(answers.get(i));
    }
    table.equal("t5", Column.GENERATION);
  }

  @ParameterizedTest
  @MethodSource(MODELS)
  void beams_are_those_of_the_original(String name) {
    JsonNode beams = Goldens.open(name).values().get("beams");
    SamplingConfig config =
        SamplingConfig.builder()
            .temperature(0)
            .beams(beams.get("num_beams").asInt())
            .lengthPenalty(beams.get("length_penalty").asDouble())
            .maxNewTokens(beams.get("max_new_tokens").asInt())
            .build();

    List<Generation> generations =
        generated(name, sequences(beams.get("prompt_ids")), config, Set.of(END));

    List<int[]> expected = sequences(beams.get("new_ids"));
    for (int i = 0; i < expected.size(); i++) {
      assertThat(generations.get(i).tokens()).containsExactly(expected.get(i));
    }
  }

  private static List<Generation> generated(
      String name, List<int[]> prompts, SamplingConfig config, Set<Integer> endIds) {
    try (LanguageModel model = LanguageModel.load(ParityCases.directory(name));
        Replica replica = model.frozenReplica(DType.FLOAT32);
        Workers workers = new Workers(1)) {
      return model.generator(replica, workers).generate(prompts, config, endIds);
    }
  }

  @ParameterizedTest
  @MethodSource(MODELS)
  void tokens_one_by_one_give_the_logits_of_the_whole_answer(String name) {
    Goldens golden = Goldens.open(name);
    int[] answer = sequences(golden.values().get("labels")).get(0);
    try (LanguageModel model = LanguageModel.load(ParityCases.directory(name));
        Replica replica = model.frozenReplica(DType.FLOAT32);
        SafetensorsFile expected = SafetensorsFile.open(golden.tensors());
        TensorScope scope = TensorScope.open()) {
      TokenBatch first =
          replica
              .completions(
                  sequences(golden.values().get("prompt_ids")).subList(0, 1), List.of(new int[0]))
              .batch();
      List<Tensor> rows = new ArrayList<>();
      try (KeyValueCache cache =
          new KeyValueCache(
              first,
              answer.length,
              model.architecture().layers(),
              model.architecture().keyHeads(),
              model.architecture().headSize())) {
        GradientMode.useWithout(
            () -> {
              rows.add(replica.logits(replica.hidden(first, cache.prefill(first))));
              for (int t = 1; t < answer.length; t++) {
                TokenBatch next = TokenBatch.next(new int[] {answer[t - 1]}, new int[] {t});
                rows.add(replica.logits(replica.hidden(next, cache.next())));
              }
            });
      }

      float[] logits = GradientMode.without(() -> Tensor.concatenated(rows, 0).toFloats());

      Tolerance.LOGITS.check(name, logits, floats(expected, "logits.0"));
    }
  }

  @ParameterizedTest
  @MethodSource(MODELS)
  void heads_score_texts_and_tokens_as_the_original_does(String name) {
    Goldens golden = Goldens.open(name);
    TokenBatch texts =
        TokenBatch.of(
            sequences(golden.values().get("prompt_ids")).stream()
                .map(ids -> IntStream.concat(Arrays.stream(ids), IntStream.of(END)).toArray())
                .toList());
    for (Map.Entry<Head, String> kind :
        Map.of(Head.SCORE, "classifier", Head.TOKENS, "tokens").entrySet()) {
      try (LanguageModel model = LanguageModel.load(ParityCases.directory(name), kind.getKey(), 0);
          SafetensorsFile expected = SafetensorsFile.open(golden.tensors())) {
        float[] original = floats(expected, "scores." + kind.getValue());
        for (WeightSpec spec : model.weights().specs()) {
          if (expected.names().contains(spec.name())) {
            TensorScope.use(
                () -> expected.readFloats(spec.name(), model.weights().get(spec.name()).floats()));
          }
        }
        try (Replica replica = model.frozenReplica(DType.FLOAT32)) {
          float[] scores =
              TensorScope.with(() -> GradientMode.without(() -> replica.scores(texts)).toFloats());

          Tolerance.LOGITS.check(name + " " + kind, scores, original);
          table.measured("t5", Column.HEADS, scores, original);
        }
      }
    }
  }

  /** TRL reads values off the decoder's output, before the output layer's scale. */
  @Test
  void values_and_their_gradients_are_those_of_trl() {
    Goldens golden = Goldens.open("seq2seq-value");
    List<int[]> prompts = new ArrayList<>();
    List<int[]> answers = new ArrayList<>();
    for (JsonNode row : golden.values().get("rows")) {
      prompts.add(ints(row.get("input_ids")));
      answers.add(ints(row.get("labels")));
    }
    try (LanguageModel model =
            LanguageModel.load(ParityCases.directory("seq2seq-t5"), Head.VALUE, 0);
        SafetensorsFile expected = SafetensorsFile.open(golden.tensors());
        TensorScope scope = TensorScope.open()) {
      for (String weight : List.of(Head.VALUE_WEIGHT, Head.VALUE_BIAS)) {
        expected.readFloats(weight, model.weights().get(weight).floats());
      }
      try (Replica replica = model.trainableReplica(DType.FLOAT32)) {
        Completions completions = replica.completions(prompts, answers);
        Tensor hidden = completions.predicting(replica.hidden(completions.batch()));
        Tensor values = replica.values(hidden).squeezed(1);
        Tensor logits = GradientMode.without(() -> replica.logits(hidden.detached()));
        values.times(values).sum().dividedBy(completions.tokens().length).backward();
        replica.collect();

        Tolerance.LOGITS.check(
            "values",
            GradientMode.without(() -> values.detached().toFloats()),
            floats(expected, "values"));
        Tolerance.LOGITS.check("logits", logits.toFloats(), floats(expected, "logits"));
        for (String weight :
            List.of(
                Head.VALUE_WEIGHT,
                Head.VALUE_BIAS,
                "shared.weight",
                "decoder.final_layer_norm.weight")) {
          Tolerance.GRADIENTS.check(
              weight,
              model.weights().viewIn(replica.gradients(), weight).toFloats(),
              floats(expected, "grad." + weight));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ADAPTERS)
  void an_adapter_of_peft_computes_as_there_and_so_it_does_merged(String name) {
    Goldens golden = Goldens.open(name);
    Path base = ParityCases.directory(golden.values().get("base").asText());
    Path adapter = golden.tensors().resolveSibling("adapter");
    try (LanguageModel model = LanguageModel.withAdapter(base, adapter);
        SafetensorsFile expected = SafetensorsFile.open(golden.tensors())) {
      float[] original = floats(expected, "outputs");

      float[] adapted = outputs(model, golden);
      model.adapters().mergeActive();
      float[] merged = outputs(model, golden);

      Tolerance.LOGITS.check(name, adapted, original);
      Tolerance.LOGITS.check(name + " merged", merged, original);
      table.measured("t5", Column.LORA, adapted, original);
      table.measured("t5", Column.LORA, merged, original);
    }
  }

  private static float[] outputs(LanguageModel model, Goldens golden) {
    try (Replica replica = model.frozenReplica(DType.FLOAT32);
        TensorScope scope = TensorScope.open()) {
      Completions completions =
          replica.completions(
              sequences(golden.values().get("prompt_ids")),
              sequences(golden.values().get("labels")));
      return GradientMode.without(
              () -> replica.logits(completions.predicting(replica.hidden(completions.batch()))))
          .toFloats();
    }
  }

  /** parity/round_trip.py loads the same directories in transformers. */
  @ParameterizedTest
  @MethodSource(MODELS)
  void a_saved_directory_is_the_original_again(String name) throws IOException {
    Path original = ParityCases.directory(name);
    JsonNode classes = Goldens.open(name).values().get("classes");
    for (Map.Entry<Head, String> kind :
        Map.of(Head.CAUSAL, "causal", Head.SCORE, "classifier", Head.TOKENS, "tokens").entrySet()) {
      Path target = Files.createDirectories(SAVED.resolve(name).resolve(kind.getValue()));
      try (LanguageModel model = LanguageModel.load(original, kind.getKey(), 0)) {
        model.save(target);

        try (LanguageModel again = LanguageModel.load(target)) {
          assertThat(again.architecture()).isEqualTo(model.architecture());
          assertThat(flat(again)).isEqualTo(flat(model));
        }
        assertThat(classNames(target)).containsExactly(classes.get(kind.getValue()).asText());
      }
    }
    table.equal("t5", Column.ROUND_TRIP);
  }
}
