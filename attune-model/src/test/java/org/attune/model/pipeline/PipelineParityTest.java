package org.attune.model.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.StreamSupport;
import org.attune.model.LanguageModel;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.generate.SamplingConfig;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts in, what transformers' pipelines of the same names say out. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PipelineParityTest {

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Text_classification {
    @ParameterizedTest
    @ValueSource(strings = {"bert-classifier", "roberta-classifier", "distilbert-classifier"})
    void gives_the_scores_of_the_original(String name) {
      JsonNode golden = Goldens.open(name).values();
      try (TextClassifier classifier = TextClassifier.load(directory(name))) {
        List<String> texts = texts(golden.get("texts"));

        check(name, classifier.classify(texts), golden.get("all_scores"));
        check(name, classifier.classify(texts, ScoreFunction.NONE), golden.get("logits_of_texts"));
        for (int i = 0; i < texts.size(); i++) {
          Classification best = classifier.classify(List.of(texts.get(i))).get(0);
          assertThat(best.label()).isEqualTo(golden.at("/best/" + i + "/0/label").asText());
        }
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-classifier", "roberta-classifier", "distilbert-classifier"})
    void reads_pairs_as_the_original(String name) {
      JsonNode golden = Goldens.open(name).values();
      List<String> first = new ArrayList<>();
      List<String> second = new ArrayList<>();
      golden.get("pairs").forEach(pair -> first.add(pair.get(0).asText()));
      golden.get("pairs").forEach(pair -> second.add(pair.get(1).asText()));
      try (TextClassifier classifier = TextClassifier.load(directory(name))) {
        check(
            name,
            classifier.classify(first, second, ScoreFunction.NONE),
            golden.get("scores_of_pairs"));
      }
    }

    private static void check(String name, List<Classification> actual, JsonNode expected) {
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < actual.size(); i++) {
        List<String> labels = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        for (JsonNode entry : expected.get(i)) {
          labels.add(entry.get("label").asText());
          scores.add(entry.get("score").asDouble());
        }
        var top = actual.get(i).top(labels.size());
        assertThat(top.keySet()).containsExactlyElementsOf(labels);
        Tolerance.LOGITS.check(name + " " + i, doubles(top.values()), doubles(scores));
      }
    }

    @Test
    void leaves_the_values_of_a_regression_as_they_are() {
      try (LanguageModel model = LanguageModel.load(directory("modernbert-classifier"))) {
        assertThat(ScoreFunction.suiting(model)).isEqualTo(ScoreFunction.NONE);
      }
    }

    @Test
    void keeps_the_best_labels_only() {
      Classification result =
          Classification.of(
              List.of("bad", "good", "odd"), new float[] {1, 3, 2}, ScoreFunction.SIGMOID);

      assertThat(result.top(2).keySet()).containsExactly("good", "odd");
      assertThat(result.score()).isEqualTo(1 / (1 + Math.exp(-3)));
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Fill_mask {
    @ParameterizedTest
    @ValueSource(strings = {"bert-masked", "roberta-masked"})
    void fills_the_gap_as_the_original(String name) {
      JsonNode golden = Goldens.open(name).values();
      String text = golden.get("masked_text").asText();
      try (MaskFiller filler = MaskFiller.load(directory(name))) {
        check(name, filler.fill(text, golden.get("fillings").size()), golden.get("fillings"));
        check(name, filler.fill(text, texts(golden.get("targets_tokens"))), golden.get("targeted"));
        List<List<Filling>> many = filler.fill(List.of("The cat." + text, text), 1);
        check(name, many.get(1), golden.get("fillings"));
      }
    }

    private static void check(String name, List<Filling> actual, JsonNode expected) {
      for (int i = 0; i < actual.size(); i++) {
        JsonNode filling = expected.get(i);
        assertThat(actual.get(i).id()).isEqualTo(filling.get("token").asInt());
        assertThat(actual.get(i).token()).isEqualTo(filling.get("token_str").asText());
        assertThat(actual.get(i).text()).isEqualTo(filling.get("sequence").asText());
        Tolerance.LOGITS.check(
            name + " filling " + i, actual.get(i).score(), filling.get("score").asDouble());
      }
    }

    @Test
    void needs_one_gap() {
      try (MaskFiller filler = MaskFiller.load(directory("bert-masked"))) {
        assertThatThrownBy(() -> filler.fill("The cat sat.", 3))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContainingAll("The cat sat.", "0 gaps", "[MASK]");
      }
    }

    @Test
    void needs_words_of_the_vocabulary() {
      try (MaskFiller filler = MaskFiller.load(directory("bert-masked"))) {
        assertThatThrownBy(() -> filler.fill("The [MASK].", List.of("catt")))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContainingAll("catt", "2 tokens", "one", "cat");
      }
    }

    @Test
    void needs_an_encoder() {
      assertThatThrownBy(() -> MaskFiller.load(Bundled.stories260k()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("llama", "causal", "encoder");
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Feature_extraction {
    @ParameterizedTest
    @ValueSource(strings = {"bert-masked", "roberta-masked"})
    void gives_the_vectors_of_the_original(String name) {
      Goldens golden = Goldens.open(name);
      List<String> texts = texts(golden.values().get("texts"));
      try (FeatureExtractor extractor = FeatureExtractor.load(directory(name));
          SafetensorsFile expected = SafetensorsFile.open(golden.tensors())) {
        List<float[][]> features = extractor.features(texts);
        List<float[]> means = extractor.embeddings(texts, Pooling.MEAN);
        List<float[]> firsts = extractor.embeddings(texts, Pooling.CLS);
        for (int i = 0; i < texts.size(); i++) {
          float[] reference = floats(expected, "features." + i);
          int width = features.get(i)[0].length;
          assertThat(features.get(i).length * width).isEqualTo(reference.length);
          for (int t = 0; t < features.get(i).length; t++) {
            float[] row = Arrays.copyOfRange(reference, t * width, (t + 1) * width);
            Tolerance.LOGITS.check(name + " " + i + " " + t, features.get(i)[t], row);
          }
          Tolerance.LOGITS.check(name + " mean", means.get(i), unit(mean(features.get(i))));
          Tolerance.LOGITS.check(name + " first", firsts.get(i), unit(features.get(i)[0]));
        }
      }
    }

    @Test
    void works_with_causal_models_too() {
      try (FeatureExtractor extractor = FeatureExtractor.load(Bundled.stories260k())) {
        assertThat(extractor.features(List.of("Once upon a time")).get(0)).isNotEmpty();
      }
    }

    @Test
    void refuses_what_is_longer_than_the_context() {
      try (FeatureExtractor extractor = FeatureExtractor.load(directory("roberta-masked"))) {
        assertThatThrownBy(() -> extractor.features(List.of("A dog!", "cat ".repeat(60))))
            .isInstanceOf(UnreadableTextException.class)
            .hasMessageContainingAll("Text 2", "at most 38", "Shorten");
      }
    }

    private static float[] mean(float[][] rows) {
      float[] mean = new float[rows[0].length];
      for (float[] row : rows) {
        for (int c = 0; c < mean.length; c++) {
          mean[c] += row[c] / rows.length;
        }
      }
      return mean;
    }

    private static float[] unit(float[] vector) {
      double squares = 0;
      for (float value : vector) {
        squares += value * value;
      }
      float[] unit = new float[vector.length];
      for (int c = 0; c < unit.length; c++) {
        unit[c] = (float) (vector[c] / Math.sqrt(squares));
      }
      return unit;
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Text_generation {
    @Test
    void continues_prompts_as_the_original() {
      JsonNode greedy = Goldens.open("llama-stories260k").values().get("greedy");
      SamplingConfig sampling =
          SamplingConfig.builder()
              .temperature(0)
              .maxNewTokens(greedy.get("max_new_tokens").asInt())
              .build();
      try (TextGenerator generator = TextGenerator.load(Bundled.stories260k())) {
        String prompt = greedy.get("prompt").asText();

        List<GeneratedText> written = generator.generate(List.of("The cat", prompt), sampling);

        assertThat(written.get(1).completion().strip())
            .isEqualTo(greedy.get("new_text").asText().strip());
        assertThat(written.get(1).full()).startsWith(prompt);
      }
    }

    @Test
    void needs_a_causal_model() {
      assertThatThrownBy(() -> TextGenerator.load(directory("bert-masked")))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("bert", "encoder", "causal language model");
    }
  }

  private static Path directory(String golden) {
    return Goldens.open(golden).tensors().resolveSibling("model");
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static double[] doubles(Collection<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static float[] floats(SafetensorsFile file, String name) {
    FloatBuffer buffer = FloatBuffer.allocate((int) file.info(name).elements());
    file.readFloats(name, buffer);
    return buffer.array();
  }
}
