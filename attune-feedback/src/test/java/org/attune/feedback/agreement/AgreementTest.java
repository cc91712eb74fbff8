package org.attune.feedback.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.Span;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AgreementTest {

  /**
   * The reliability data of Krippendorff, "Computing Krippendorff's alpha-reliability" (2011),
   * section C: four observers, twelve units, missing values; unit 12 has a single value.
   */
  private static final List<List<Integer>> KRIPPENDORFF =
      List.of(
          List.of(1, 1, 1),
          List.of(2, 2, 3, 2),
          List.of(3, 3, 3, 3),
          List.of(3, 3, 3, 3),
          List.of(2, 2, 2, 2),
          List.of(1, 2, 3, 4),
          List.of(4, 4, 4, 4),
          List.of(1, 1, 2, 1),
          List.of(2, 2, 2, 2),
          List.of(5, 5, 5),
          List.of(1, 1),
          List.of(3));

  @Test
  void interval_alpha_of_the_published_example_is_0_849() {
    assertThat(KrippendorffAlpha.interval(KRIPPENDORFF).orElseThrow())
        .isCloseTo(0.849, within(0.0005));
  }

  @Test
  void nominal_alpha_of_the_published_example_is_0_743() {
    assertThat(KrippendorffAlpha.of(KRIPPENDORFF, Distances::nominal).orElseThrow())
        .isCloseTo(0.743, within(0.0005));
  }

  @Test
  void sums_give_the_same_as_all_pairs() {
    assertThat(KrippendorffAlpha.interval(KRIPPENDORFF).orElseThrow())
        .isCloseTo(
            KrippendorffAlpha.of(KRIPPENDORFF, (a, b) -> Math.pow(a - b, 2)).orElseThrow(),
            within(1e-12));
  }

  @Test
  void perfect_agreement_is_1_and_no_pairs_give_none() {
    assertThat(KrippendorffAlpha.interval(List.of(List.of(1, 1), List.of(5, 5)))).hasValue(1);
    assertThat(KrippendorffAlpha.interval(List.of(List.of(1, 1)))).hasValue(1);
    assertThat(KrippendorffAlpha.interval(List.of(List.of(1), List.of(5)))).isEmpty();
  }

  @Test
  void distance_of_label_sets_is_masi() {
    assertThat(Distances.masi(Set.of("a", "b"), Set.of("b", "a"))).isZero();
    assertThat(Distances.masi(Set.of("a"), Set.of("b"))).isEqualTo(1);
    // Jaccard 1/2, one contained in the other: 1 - 1/2 * 2/3
    assertThat(Distances.masi(Set.of("a"), Set.of("a", "b"))).isCloseTo(2.0 / 3, within(1e-12));
    // Jaccard 1/3, neither contained in the other: 1 - 1/3 * 1/3
    assertThat(Distances.masi(Set.of("a", "c"), Set.of("a", "b")))
        .isCloseTo(8.0 / 9, within(1e-12));
  }

  @Test
  void distance_of_rankings_is_the_share_of_pairs_ordered_differently() {
    List<RankedOption> abc = RankedOption.bestFirst("a", "b", "c");

    assertThat(Distances.kendall(abc, abc)).isZero();
    assertThat(Distances.kendall(abc, RankedOption.bestFirst("c", "b", "a"))).isEqualTo(1);
    assertThat(Distances.kendall(abc, RankedOption.bestFirst("b", "a", "c")))
        .isCloseTo(1.0 / 3, within(1e-12));
  }

  @Test
  void submitted_answers_of_people_who_differ_from_record_to_record_count() {
    FeedbackDataset dataset =
        FeedbackDataset.builder()
            .field(TextField.of("text"))
            .question(LabelQuestion.of("label", "yes", "no"))
            .question(TextQuestion.of("why").optional())
            .build();
    dataset.add(
        FeedbackRecord.builder()
            .field("text", "1")
            .response(Response.submitted("a", Map.of("label", "yes")))
            .response(Response.submitted("b", Map.of("label", "yes")))
            .response(Response.draft("c", Map.of("label", "no")))
            .build(),
        FeedbackRecord.builder()
            .field("text", "2")
            .response(Response.submitted("d", Map.of("label", "no")))
            .response(Response.submitted("e", Map.of("label", "no")))
            .build(),
        FeedbackRecord.builder()
            .field("text", "3")
            .response(Response.submitted("a", Map.of("label", "no")))
            .build());

    assertThat(dataset.agreement("label")).isEqualTo(new Agreement("label", "nominal", 1.0, 2, 4));
    assertThatThrownBy(() -> dataset.agreement("why"))
        .hasMessageContaining("There is no agreement for the text question \"why\"");
  }

  @Test
  void spans_agree_character_by_character() {
    FeedbackDataset dataset =
        FeedbackDataset.builder()
            .field(TextField.of("text"))
            .question(SpanQuestion.of("names", "text", "x", "y"))
            .build();
    dataset.add(
        FeedbackRecord.builder()
            .field("text", "👩abc")
            .response(Response.submitted("a", Map.of("names", List.of(new Span("x", 0, 2)))))
            .response(Response.submitted("b", Map.of("names", List.of(new Span("x", 0, 1)))))
            .build());

    // of four characters one is marked by one person only: of 8 values 3 are x and 5 none
    double observed = 2.0;
    double expected = 2.0 * 3 * 5;
    assertThat(dataset.agreement("names"))
        .isEqualTo(new Agreement("names", "masi", 1 - (8 - 1) * observed / expected, 1, 2));
  }

  @Test
  void two_hundred_thousand_ratings_take_a_moment() {
    SplittableRandom random = new SplittableRandom(1);
    List<FeedbackRecord> records = new ArrayList<>();
    for (int i = 0; i < 10_605; i++) {
      FeedbackRecord.Builder record = FeedbackRecord.builder().id("r" + i);
      for (int rater = 0; rater < 19; rater++) {
        record.response(Response.submitted("u" + rater, Map.of("feel", random.nextInt(1, 10))));
      }
      records.add(record.build());
    }

    long start = System.nanoTime();
    Agreement agreement = Agreement.of(RatingQuestion.of("feel", 1, 9), records);
    Duration taken = Duration.ofNanos(System.nanoTime() - start);

    assertThat(taken).isLessThan(Duration.ofSeconds(2));
    assertThat(agreement.answers()).isEqualTo(10_605 * 19);
    assertThat(agreement.alpha()).as("random ratings").isCloseTo(0, within(0.01));
  }
}
