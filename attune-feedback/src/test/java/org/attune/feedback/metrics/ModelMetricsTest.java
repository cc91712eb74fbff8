package org.attune.feedback.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.Suggestion;
import org.attune.feedback.unify.LabelStrategy;
import org.attune.feedback.unify.RatingStrategy;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ModelMetricsTest {

  /** Sums of a few doubles in any order. */
  private static final Offset<Double> ROUNDING = Offset.offset(Math.ulp(8.0));

  private static FeedbackDataset dataset(Question question) {
    return FeedbackDataset.builder().field(TextField.of("text")).question(question).build();
  }

  private static FeedbackRecord.Builder record(Object suggestion) {
    return FeedbackRecord.builder().field("text", "t").suggestion(Suggestion.of("q", suggestion));
  }

  private static void add(FeedbackDataset dataset, Object suggestion, Object answer) {
    dataset.add(
        record(suggestion).response(Response.submitted("ana", Map.of("q", answer))).build());
  }

  private static ModelMetrics metrics(FeedbackDataset dataset, String user) {
    return Objects.requireNonNull(dataset.computeModelMetrics("q").get(user));
  }

  @Test
  void labels_are_scored_class_by_class() {
    FeedbackDataset dataset = dataset(LabelQuestion.of("q", "a", "b", "c", "unused"));
    add(dataset, "a", "a");
    add(dataset, "a", "b");
    add(dataset, "b", "b");
    add(dataset, "c", "a");
    add(dataset, "b", "b");

    ModelMetrics metrics = metrics(dataset, "ana");

    assertThat(metrics.compared()).isEqualTo(5);
    assertThat(metrics.scores().get("accuracy")).isEqualTo(3 / 5.0);
    // of the suggestions of a, b and c there are 1/2, 2/2 and 0/1 right; of the answers 1/2, 2/3, -
    assertThat(metrics.scores().get("precision")).isCloseTo((1 / 2.0 + 1 + 0) / 3, ROUNDING);
    assertThat(metrics.scores().get("recall")).isCloseTo((1 / 2.0 + 2 / 3.0 + 0) / 3, ROUNDING);
    assertThat(metrics.scores().get("f1")).isCloseTo((1 / 2.0 + 4 / 5.0 + 0) / 3, ROUNDING);
    assertThat(metrics.confusion())
        .containsExactly(entry("a", Map.of("a", 1, "c", 1)), entry("b", Map.of("a", 1, "b", 2)));
    // positions 0 0 1 2 1 against 0 1 1 0 1: means 4/5 and 3/5
    assertThat(metrics.scores().get("pearson"))
        .isCloseTo((2 - 5 * 0.8 * 0.6) / Math.sqrt((6 - 5 * 0.64) * (3 - 5 * 0.36)), ROUNDING);
  }

  @Test
  void lists_of_labels_count_as_right_only_when_equal() {
    FeedbackDataset dataset = dataset(MultiLabelQuestion.of("q", "a", "b", "c"));
    add(dataset, List.of("a", "b"), List.of("b", "a"));
    add(dataset, List.of("a"), List.of("a", "b"));

    Map<String, Double> scores = metrics(dataset, "ana").scores();

    assertThat(scores.get("accuracy")).isEqualTo(1 / 2.0);
    assertThat(scores.get("precision")).isEqualTo(1);
    assertThat(scores.get("recall")).isCloseTo((1 + 1 / 2.0) / 2, ROUNDING);
    assertThat(scores.get("f1")).isCloseTo((1 + 2 / 3.0) / 2, ROUNDING);
  }

  @Test
  void ratings_are_correlated_as_numbers_and_as_ranks() {
    FeedbackDataset dataset = dataset(RatingQuestion.of("q", 1, 9));
    add(dataset, 1, 2);
    add(dataset, 2, 2);
    add(dataset, 4, 9);
    add(dataset, 8, 8);

    Map<String, Double> scores = metrics(dataset, "ana").scores();

    // deviations −2.75 −1.75 0.25 4.25 against −3.25 −3.25 3.75 2.75
    double products = 2.75 * 3.25 + 1.75 * 3.25 + 0.25 * 3.75 + 4.25 * 2.75;
    double squares =
        (2.75 * 2.75 + 1.75 * 1.75 + 0.25 * 0.25 + 4.25 * 4.25)
            * (3.25 * 3.25 + 3.25 * 3.25 + 3.75 * 3.75 + 2.75 * 2.75);
    assertThat(scores.get("pearson")).isCloseTo(products / Math.sqrt(squares), ROUNDING);
    // ranks 1 2 3 4 against 1.5 1.5 4 3, whose deviations multiply to 1.5 + 0.5 + 0.75 + 0.75
    assertThat(scores.get("spearman")).isCloseTo(3.5 / Math.sqrt(5 * 4.5), ROUNDING);
    assertThat(scores.get("accuracy")).isEqualTo(2 / 4.0);
  }

  @Test
  void a_series_that_does_not_vary_has_no_correlation() {
    FeedbackDataset dataset = dataset(RatingQuestion.of("q", 1, 9));
    add(dataset, 1, 2);
    add(dataset, 1, 3);

    assertThat(metrics(dataset, "ana").scores())
        .doesNotContainKeys("pearson", "spearman")
        .containsEntry("accuracy", 0.0);
  }

  @Test
  void texts_are_scored_by_the_words_they_share() {
    FeedbackDataset dataset = dataset(TextQuestion.of("q"));
    add(dataset, "the cat sat", "The cat, it sat!");

    Map<String, Double> scores = metrics(dataset, "ana").scores();

    // no run of one to four exact words is shared; the answer has 4 + 3 + 2 + 1 of them
    assertThat(scores.get("gleu")).isEqualTo(0 / 10.0);
    assertThat(scores.get("rouge1")).isCloseTo(2 * 3 / 7.0, ROUNDING);
    assertThat(scores.get("rouge2")).isCloseTo(2 * 1 / 5.0, ROUNDING);
    assertThat(scores.get("rougeL")).isCloseTo(2 * 3 / 7.0, ROUNDING);
  }

  @Test
  void shared_runs_of_words_are_counted_over_the_whole_corpus() {
    FeedbackDataset dataset = dataset(TextQuestion.of("q"));
    add(dataset, "a b c d", "a b c d");
    add(dataset, "x y", "y x z");

    // 10 of 10 in the first, 2 of max(3, 6) in the second
    assertThat(metrics(dataset, "ana").scores().get("gleu")).isEqualTo(12 / 16.0);
  }

  @Test
  void rankings_gain_most_by_the_first_places() {
    FeedbackDataset dataset = dataset(RankingQuestion.of("q", "a", "b", "c"));
    add(dataset, RankedOption.bestFirst("b", "a", "c"), RankedOption.bestFirst("a", "b", "c"));

    // worths 3 2 1 in the order 2 3 1; the discounts are log2 of 2, 3 and 4
    double second = Math.log(3) / Math.log(2);
    assertThat(metrics(dataset, "ana").scores().get("ndcg"))
        .isCloseTo((2 + 3 / second + 1 / 2.0) / (3 + 2 / second + 1 / 2.0), ROUNDING);
  }

  @Test
  void tied_suggestions_share_what_their_places_gain() {
    FeedbackDataset dataset = dataset(RankingQuestion.of("q", "a", "b"));
    add(
        dataset,
        List.of(new RankedOption("a", 1), new RankedOption("b", 1)),
        RankedOption.bestFirst("a", "b"));
    dataset.add(
        record(List.of(new RankedOption("a", 1)))
            .response(Response.submitted("ana", Map.of("q", RankedOption.bestFirst("a", "b"))))
            .build());

    ModelMetrics metrics = metrics(dataset, "ana");
    double second = Math.log(3) / Math.log(2);
    assertThat(metrics.compared()).as("a suggestion that ranks some says nothing").isOne();
    assertThat(metrics.scores().get("ndcg"))
        .isCloseTo((1.5 + 1.5 / second) / (2 + 1 / second), ROUNDING);
  }

  @Test
  void each_person_is_compared_alone_and_all_together_after_unification() {
    FeedbackDataset dataset = dataset(LabelQuestion.of("q", "a", "b"));
    dataset.add(
        record("a")
            .response(Response.submitted("ana", Map.of("q", "a")))
            .response(Response.submitted("ben", Map.of("q", "b")))
            .response(Response.submitted("cy", Map.of("q", "a")))
            .response(Response.draft("dee", Map.of("q", "b")))
            .build());

    assertThat(dataset.computeModelMetrics("q")).containsOnlyKeys("ana", "ben", "cy");
    assertThat(metrics(dataset, "ben").scores()).containsEntry("accuracy", 0.0);
    assertThat(dataset.computeModelMetrics("q", LabelStrategy.MAJORITY).scores())
        .containsEntry("accuracy", 1.0);
    assertThat(dataset.records().get(0).unified("q")).as("nothing is kept on the record").isEmpty();
  }

  @Test
  void ratings_unified_to_fractions_have_correlations_only() {
    FeedbackDataset dataset = dataset(RatingQuestion.of("q", 1, 9));
    for (int rating = 1; rating < 4; rating++) {
      dataset.add(
          record(rating)
              .response(Response.submitted("ana", Map.of("q", rating)))
              .response(Response.submitted("ben", Map.of("q", rating + 1)))
              .build());
    }

    assertThat(dataset.computeModelMetrics("q", RatingStrategy.MEAN).scores())
        .containsOnlyKeys("pearson", "spearman");
  }

  @Test
  void nothing_to_compare_is_an_error_that_says_so() {
    FeedbackDataset dataset = dataset(SpanQuestion.of("q", "text", "x"));
    assertThatThrownBy(() -> dataset.computeModelMetrics("r"))
        .hasMessageContaining("There is no question \"r\"");
    assertThat(dataset.computeModelMetrics("q")).isEmpty();
    add(dataset, List.of(), List.of());
    assertThatThrownBy(() -> dataset.computeModelMetrics("q"))
        .hasMessageContaining("There are no metrics for the span question \"q\"");
    assertThatThrownBy(
            () ->
                dataset(LabelQuestion.of("q", "a", "b"))
                    .computeModelMetrics("q", LabelStrategy.MAJORITY))
        .hasMessageContaining("No record has both a suggestion for \"q\" and an answer");
  }
}
