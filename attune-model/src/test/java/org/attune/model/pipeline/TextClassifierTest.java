package org.attune.model.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.tokenizer.PairEncoding;
import org.attune.model.tokenizer.SequenceEncoder;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.testkit.Bundled;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TextClassifierTest {
  private static final List<String> TEXTS =
      List.of(
          "Once upon a time there was a little girl named Lily.",
          "No.",
          "🐱 Schöne Grüße, 你好!",
          "The dog ran and ran and ran. ".repeat(12),
          "No.",
          "");

  private LanguageModel model;
  private Workers workers;
  private TextClassifier classifier;

  @BeforeEach
  void load() {
    model = LanguageModel.load(Bundled.stories260k(), Head.SCORE, 7);
    model.sequenceEncoder(new SequenceEncoder(PairEncoding.CONCATENATE, true, 512));
    workers = new Workers(2);
    classifier = TextClassifier.of(model, workers);
  }

  @AfterEach
  void close() {
    classifier.close();
    workers.close();
    model.close();
  }

  private double directScore(String text) {
    try (Replica replica = model.frozenReplica(DType.FLOAT32)) {
      int[] ids = model.sequenceEncoder().encode(model.tokenizer(), text).ids();
      return TensorScope.with(
          () -> GradientMode.without(() -> replica.scores(TokenBatch.of(List.of(ids)))).item());
    }
  }

  @Test
  void scores_are_those_of_each_text_alone_in_the_order_given() {
    double[] alone = TEXTS.stream().mapToDouble(this::directScore).toArray();

    Tolerance.LOGITS.check("scores", classifier.scores(TEXTS), alone);
  }

  @Test
  void scores_do_not_depend_on_the_workers() {
    try (Workers one = new Workers(1);
        TextClassifier other = TextClassifier.of(model, one)) {
      Tolerance.LOGITS.check("scores", other.scores(TEXTS), classifier.scores(TEXTS));
    }
  }

  @Test
  void more_texts_than_fit_a_batch_are_all_scored() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      many.addAll(TEXTS);
    }

    double[] scores = classifier.scores(many);

    double[] expected = classifier.scores(TEXTS);
    for (int i = 0; i < scores.length; i++) {
      Tolerance.FLOAT32.check("score " + i, scores[i], expected[i % TEXTS.size()]);
    }
  }

  @Test
  void no_texts_have_no_scores() {
    assertThat(classifier.scores(List.of())).isEmpty();
    assertThat(classifier.classify(List.of(), List.of())).isEmpty();
  }

  @Test
  void a_completion_is_scored_behind_its_prompt() {
    double[] scores = classifier.scores(List.of("The cat ", "Él "), List.of("sat.", "dijo 🐶."));

    Tolerance.LOGITS.check(
        "scores", scores, classifier.scores(List.of("The cat sat.", "Él dijo 🐶.")));
  }

  @Test
  void a_single_label_has_the_sigmoid_of_its_logit() {
    Classification result = classifier.classify(List.of("The cat sat.")).get(0);

    double logit = classifier.scores(List.of("The cat sat."))[0];
    assertThat(result.logits()).containsExactly(logit);
    assertThat(result.label()).isEqualTo("LABEL_0");
    assertThat(result.score()).isCloseTo(1 / (1 + Math.exp(-logit)), Offset.offset(1e-12));
  }

  @Test
  void several_labels_have_the_softmax_of_their_logits() {
    // e¹ / (e⁰ + e¹ + e¹) with the two larger ones equal
    Classification result =
        Classification.of(
            List.of("bad", "good", "fine"), new float[] {0, 1, 1}, ScoreFunction.SOFTMAX);

    assertThat(result.scores()).containsOnlyKeys("bad", "good", "fine");
    assertThat(result.label()).isEqualTo("good");
    assertThat(result.score()).isCloseTo(Math.E / (1 + 2 * Math.E), Offset.offset(1e-12));
    assertThat(
            Classification.of(List.of("a", "b"), new float[] {-1000, 1000}, ScoreFunction.SOFTMAX)
                .scores())
        .isEqualTo(Map.of("a", 0.0, "b", 1.0));
  }

  @Test
  void a_text_that_is_too_long_is_an_error_that_names_it() {
    assertThatThrownBy(() -> classifier.scores(List.of("No.", "upon ".repeat(600))))
        .isInstanceOf(UnreadableTextException.class)
        .hasMessageContainingAll("Text 2", "512", "max_length", "Shorten the text");
  }

  @Test
  void prompts_and_completions_must_be_as_many() {
    assertThatThrownBy(() -> classifier.scores(List.of("a", "b"), List.of("c")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("2 prompts", "1 completions");
  }

  @Test
  void a_saved_model_scores_as_before(@TempDir Path folder) {
    double[] before = classifier.scores(TEXTS);
    model.save(folder);

    try (TextClassifier loaded = TextClassifier.load(folder)) {
      Tolerance.LOGITS.check("scores", loaded.scores(TEXTS), before);
    }
  }

  @Test
  void a_model_without_a_score_head_is_an_error() {
    assertThatThrownBy(() -> TextClassifier.load(Bundled.stories260k()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("stories260k", "CAUSAL", "SCORE", "reward model");
  }

  @Test
  void labels_of_a_classifier_are_kept(@TempDir Path folder) throws IOException {
    model.save(folder);
    Path config = folder.resolve("config.json");
    String json = Files.readString(config);
    Files.writeString(config, json.replace("LABEL_0", "kindness"));
    Path again = Files.createDirectory(folder.resolve("again"));

    try (LanguageModel renamed = LanguageModel.load(folder)) {
      renamed.save(again);
    }

    try (LanguageModel loaded = LanguageModel.load(again)) {
      assertThat(loaded.labels()).containsExactly("kindness");
    }
  }
}
