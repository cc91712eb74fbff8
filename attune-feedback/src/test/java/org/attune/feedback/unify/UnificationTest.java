package org.attune.feedback.unify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.Span;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UnificationTest {

  @Nested
  class Ratings {

    private final RatingQuestion question = RatingQuestion.of("feel", 1, 9);

    private Object unify(RatingStrategy strategy, Object... answers) {
      return strategy.unify(question, List.of(answers)).get(0);
    }

    @Test
    void mean_keeps_its_fraction() {
      assertThat(unify(RatingStrategy.MEAN, 1, 2, 2)).isEqualTo(5 / 3.0);
    }

    @Test
    void mean_truncated_drops_it() {
      assertThat(unify(RatingStrategy.MEAN_TRUNCATED, 1, 2, 2)).isEqualTo(1);
    }

    @Test
    void median_is_the_middle_or_halfway() {
      assertThat(unify(RatingStrategy.MEDIAN, 9, 1, 2)).isEqualTo(2.0);
      assertThat(unify(RatingStrategy.MEDIAN, 9, 1, 2, 5)).isEqualTo(3.5);
    }

    @Test
    void majority_breaks_ties_by_the_order_of_the_options() {
      assertThat(unify(RatingStrategy.MAJORITY, 5, 5, 3)).isEqualTo(5);
      assertThat(unify(RatingStrategy.MAJORITY, 5, 3, 5, 3)).isEqualTo(3);
      RatingQuestion descending = RatingQuestion.of("feel", List.of(5, 4, 3));
      assertThat(RatingStrategy.MAJORITY.unify(descending, List.of(3, 5))).containsExactly(5);
    }

    @Test
    void max_and_min() {
      assertThat(unify(RatingStrategy.MAX, 5, 9, 3)).isEqualTo(9);
      assertThat(unify(RatingStrategy.MIN, 5, 9, 3)).isEqualTo(3);
    }
  }

  @Nested
  class Labels {

    private final LabelQuestion question = LabelQuestion.of("tone", "kind", "rude", "flat");

    @Test
    void majority_breaks_ties_by_the_order_of_the_options() {
      assertThat(LabelStrategy.MAJORITY.unify(question, List.of("flat", "rude", "flat")))
          .containsExactly("flat");
      assertThat(LabelStrategy.MAJORITY.unify(question, List.of("flat", "rude")))
          .containsExactly("rude");
    }

    @Test
    void disagreement_keeps_every_answer() {
      assertThat(LabelStrategy.DISAGREEMENT.unify(question, List.of("flat", "rude", "flat")))
          .containsExactly("flat", "rude", "flat");
    }
  }

  @Nested
  class Lists_of_labels {

    private final MultiLabelQuestion question = MultiLabelQuestion.of("topics", "a", "b", "c");

    @Test
    void majority_keeps_what_more_than_half_chose() {
      // b: 3 of 3, c: 2 of 3, a: 1 of 3
      assertThat(
              MultiLabelStrategy.MAJORITY.unify(
                  question, List.of(List.of("c", "b"), List.of("b", "c"), List.of("b", "a"))))
          .containsExactly(List.of("b", "c"));
    }

    @Test
    void exactly_half_is_no_majority_so_the_most_frequent_label_is_left() {
      assertThat(MultiLabelStrategy.MAJORITY.unify(question, List.of(List.of("c"), List.of("b"))))
          .containsExactly(List.of("b"));
    }
  }

  @Nested
  class Rankings {

    private final RankingQuestion question = RankingQuestion.of("best", "a", "b", "c");
    private final List<RankedOption> abc = RankedOption.bestFirst("a", "b", "c");
    private final List<RankedOption> cba = RankedOption.bestFirst("c", "b", "a");
    private final List<RankedOption> bac = RankedOption.bestFirst("b", "a", "c");

    @Test
    void mean_ranks_by_rounded_average() {
      // a: (1 + 1 + 2) / 3 = 1.33, b: (2 + 2 + 1) / 3 = 1.67, c: 3
      assertThat(RankingStrategy.MEAN.unify(question, List.of(abc, abc, bac)))
          .containsExactly(
              List.of(
                  new RankedOption("a", 1), new RankedOption("b", 2), new RankedOption("c", 3)));
    }

    @Test
    void mean_rounds_halves_to_even_and_lists_ties_as_the_question_does() {
      // a: 1.5, b: 1.5, c: 3
      assertThat(RankingStrategy.MEAN.unify(question, List.of(bac, abc)))
          .containsExactly(
              List.of(
                  new RankedOption("a", 2), new RankedOption("b", 2), new RankedOption("c", 3)));
    }

    @Test
    void majority_is_the_most_frequent_and_ties_favour_the_options_listed_first() {
      assertThat(RankingStrategy.MAJORITY.unify(question, List.of(abc, cba, cba)))
          .containsExactly(cba);
      assertThat(RankingStrategy.MAJORITY.unify(question, List.of(cba, bac, abc)))
          .containsExactly(abc);
    }

    @Test
    void max_and_min_compare_ranks_in_the_order_of_the_options() {
      assertThat(RankingStrategy.MAX.unify(question, List.of(bac, cba, abc))).containsExactly(cba);
      assertThat(RankingStrategy.MIN.unify(question, List.of(bac, cba, abc))).containsExactly(abc);
    }
  }

  @Nested
  class Spans {

    private final SpanQuestion question = SpanQuestion.of("names", "text", "x", "y");
    private final SpanQuestion overlapping =
        new SpanQuestion(question.heading(), "text", question.options(), null, true);

    private static List<Span> spans(Span... spans) {
      return List.of(spans);
    }

    @Test
    void majority_marks_what_more_than_half_of_the_people_mark() {
      assertThat(
              SpanStrategy.MAJORITY.unify(
                  question,
                  List.of(
                      spans(new Span("x", 0, 4)),
                      spans(new Span("x", 2, 6), new Span("y", 8, 9)),
                      spans(new Span("x", 3, 8)))))
          .containsExactly(List.of(new Span("x", 2, 6)));
    }

    @Test
    void union_marks_what_anybody_marks_and_intersection_what_everybody_does() {
      List<Object> answers =
          List.of(spans(new Span("x", 0, 4), new Span("x", 6, 7)), spans(new Span("x", 2, 5)));

      assertThat(SpanStrategy.UNION.unify(question, answers))
          .containsExactly(List.of(new Span("x", 0, 5), new Span("x", 6, 7)));
      assertThat(SpanStrategy.INTERSECTION.unify(question, answers))
          .containsExactly(List.of(new Span("x", 2, 4)));
      assertThat(SpanStrategy.INTERSECTION.unify(question, List.of(spans(), answers.get(0))))
          .containsExactly(List.of());
      assertThat(SpanStrategy.UNION.unify(question, List.of(spans(), spans())))
          .containsExactly(List.of());
    }

    @Test
    void labels_overlap_only_where_the_question_lets_them() {
      List<Object> answers =
          List.of(
              spans(new Span("y", 0, 4)), spans(new Span("y", 0, 2)), spans(new Span("x", 1, 6)));

      assertThat(SpanStrategy.UNION.unify(overlapping, answers))
          .containsExactly(List.of(new Span("y", 0, 4), new Span("x", 1, 6)));
      assertThat(SpanStrategy.UNION.unify(question, answers))
          .as("two marks of y until 2, then one of each, of which x is listed first")
          .containsExactly(List.of(new Span("y", 0, 2), new Span("x", 2, 6)));
    }
  }

  @Nested
  class Weights {

    private static FeedbackRecord record(String ana, String ben, String cy) {
      return FeedbackRecord.builder()
          .field("text", "t")
          .response(Response.submitted("ana", Map.of("tone", ana)))
          .response(Response.submitted("ben", Map.of("tone", ben)))
          .response(Response.submitted("cy", Map.of("tone", cy)))
          .build();
    }

    @Test
    void grow_with_the_answers_of_others_that_agree() {
      AnnotatorWeights weights =
          AnnotatorWeights.of(
              "tone", List.of(record("kind", "kind", "rude"), record("rude", "rude", "rude")));

      // of four comparisons each ana and ben agree in three, cy in two; one of each is added
      assertThat(weights.of("ana")).isEqualTo(4 / 6.0);
      assertThat(weights.of("cy")).isEqualTo(3 / 6.0);
      assertThat(weights.of("stranger")).isEqualTo(1 / 2.0);
      assertThat(weights.of((String) null)).isEqualTo(1 / 2.0);
    }

    @Test
    void let_those_who_agree_outvote_those_who_do_not() {
      LabelQuestion question = LabelQuestion.of("tone", "kind", "rude");

      assertThat(
              LabelStrategy.MAJORITY_WEIGHTED.unify(
                  question, List.of("kind", "kind", "rude"), List.of(0.2, 0.2, 0.9)))
          .containsExactly("rude");
      assertThat(
              LabelStrategy.MAJORITY_WEIGHTED.unify(
                  question, List.of("rude", "kind"), List.of(0.5, 0.5)))
          .as("a tie goes to the option that the question lists first")
          .containsExactly("kind");
      assertThat(LabelStrategy.MAJORITY_WEIGHTED.unify(question, List.of("rude", "rude", "kind")))
          .containsExactly("rude");
    }

    @Test
    void come_from_the_whole_dataset_when_it_is_unified() {
      FeedbackDataset dataset =
          FeedbackDataset.builder()
              .field(TextField.of("text"))
              .question(LabelQuestion.of("tone", "kind", "rude"))
              .build();
      dataset.add(record("rude", "rude", "kind"), record("rude", "rude", "kind"));
      FeedbackRecord torn =
          FeedbackRecord.builder()
              .field("text", "t")
              .response(Response.submitted("ana", Map.of("tone", "rude")))
              .response(Response.submitted("cy", Map.of("tone", "kind")))
              .build();
      dataset.add(torn);

      dataset.computeUnifiedResponses("tone", LabelStrategy.MAJORITY_WEIGHTED);

      assertThat(dataset.record(torn.id()).orElseThrow().unifiedValue("tone")).contains("rude");
    }
  }

  @Test
  void strategies_are_found_by_the_names_people_write() {
    assertThat(UnificationStrategy.of(RatingQuestion.of("feel", 1, 9), "mean-truncated"))
        .isEqualTo(RatingStrategy.MEAN_TRUNCATED);
    assertThat(UnificationStrategy.of(TextQuestion.of("why"), "disagreement"))
        .isEqualTo(TextStrategy.DISAGREEMENT);
    assertThat(UnificationStrategy.of(LabelQuestion.of("tone", "a", "b"), "majority-weighted"))
        .isEqualTo(LabelStrategy.MAJORITY_WEIGHTED);
    assertThatThrownBy(() -> UnificationStrategy.of(SpanQuestion.of("names", "text", "x"), "mean"))
        .hasMessage(
            "The span question \"names\" cannot be unified by \"mean\". Use one of [majority, union,"
                + " intersection].");
  }
}
