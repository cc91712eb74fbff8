package org.attune.feedback.question;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attune.feedback.validation.Problems;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QuestionTest {

  private static void check(Question question, Object answer, boolean complete) {
    Problems problems = Problems.none();
    question.check(answer, complete, Map.of("text", "👩 met 👨 in Köln"), problems);
    problems.throwIfAny("the answer");
  }

  private static void submit(Question question, Object answer) {
    check(question, answer, true);
  }

  @Nested
  class Rating {

    @Test
    void has_two_to_eleven_values_from_0_to_10() {
      assertThat(RatingQuestion.of("r", 0, 10).values()).hasSize(11);
      assertThatThrownBy(() -> RatingQuestion.of("r", -4, 4))
          .hasMessageContaining("values must be 2 to 11 different whole numbers from 0 to 10")
          .hasMessageContaining("−4…4 becomes 1…9");
      assertThatThrownBy(() -> RatingQuestion.of("r", 1, 1)).hasMessageContaining("[1]");
      assertThatThrownBy(() -> RatingQuestion.of("r", List.of(1, 1)))
          .hasMessageContaining("[1, 1]");
    }

    @Test
    void takes_whole_numbers_only() {
      submit(RatingQuestion.of("r", 1, 5), 5);
      assertThatThrownBy(() -> submit(RatingQuestion.of("r", 1, 5), 3.0))
          .hasMessageContaining("r must be a rating from 1 to 5, as a whole number but was 3.0");
    }

    @Test
    void names_the_values_of_a_scale_with_gaps() {
      assertThatThrownBy(() -> submit(RatingQuestion.of("r", List.of(1, 3, 5)), 2))
          .hasMessageContaining("r must be a rating out of [1, 3, 5] but was 2");
    }
  }

  @Nested
  class Labels {

    @Test
    void must_be_one_of_the_options() {
      submit(LabelQuestion.of("tone", "kind", "rude"), "kind");
      assertThatThrownBy(() -> submit(LabelQuestion.of("tone", "kind", "rude"), "Kind"))
          .hasMessageContaining("tone must be one of \"kind\", \"rude\" but was \"Kind\"");
    }

    @Test
    void of_a_list_are_different_and_at_least_one() {
      MultiLabelQuestion question = MultiLabelQuestion.of("topics", "food", "travel", "war");

      submit(question, List.of("war", "food"));
      assertThatThrownBy(() -> submit(question, List.of()))
          .hasMessageContaining("topics must be a list of one or more different labels but was []");
      assertThatThrownBy(() -> submit(question, List.of("food", "food")))
          .hasMessageContaining("different labels");
      assertThatThrownBy(() -> submit(question, List.of("food", "art")))
          .hasMessageContaining("topics must hold only labels out of")
          .hasMessageContaining("but was \"art\"");
    }

    @Test
    void number_two_to_five_hundred_and_are_unique() {
      assertThatThrownBy(() -> LabelQuestion.of("tone", "kind"))
          .hasMessageContaining("options must be 2 to 500 but was 1");
      assertThatThrownBy(() -> LabelQuestion.of("tone", "kind", "kind"))
          .hasMessageContaining("options must be unique but was \"kind\"");
      assertThatThrownBy(
              () ->
                  LabelQuestion.of(
                      "tone", IntStream.range(0, 501).mapToObj(i -> Option.of("l" + i)).toList()))
          .hasMessageContaining("options must be 2 to 500 but was 501");
    }
  }

  @Nested
  class Ranking {

    private final RankingQuestion question = RankingQuestion.of("best", "a", "b", "c");

    @Test
    void may_have_ties_and_gaps() {
      submit(
          question,
          List.of(new RankedOption("a", 3), new RankedOption("b", 1), new RankedOption("c", 1)));
    }

    @Test
    void is_complete_when_submitted_and_may_be_partial_in_a_draft() {
      List<RankedOption> partial = List.of(new RankedOption("a", null), new RankedOption("b", 1));

      check(question, partial, false);
      assertThatThrownBy(() -> submit(question, partial))
          .hasMessageContaining("best must give \"a\" a rank from 1 to 3 but was missing")
          .hasMessageContaining("best must rank all of \"a\", \"b\", \"c\" when submitted");
    }

    @Test
    void refuses_unknown_and_repeated_options_and_ranks_out_of_range() {
      assertThatThrownBy(() -> submit(question, RankedOption.bestFirst("a", "b", "b", "d")))
          .hasMessageContaining("but was \"b\"")
          .hasMessageContaining("but was \"d\"")
          .hasMessageContaining("best must give \"d\" a rank from 1 to 3 but was 4");
    }

    @Test
    void survives_the_way_to_a_file_and_back() {
      List<RankedOption> answer = RankedOption.bestFirst("c", "a", "b");

      assertThat(question.fromPlain(question.toPlain(answer))).isEqualTo(answer);
    }
  }

  @Nested
  class Spans {

    private final SpanQuestion question = SpanQuestion.of("names", "text", "person", "place");

    @Test
    void count_code_points() {
      // "👩 met 👨 in Köln" has 15 code points and 17 UTF-16 units.
      List<Span> spans = List.of(new Span("person", 0, 1), new Span("place", 11, 15));

      submit(question, spans);
      assertThat(spans.get(1).of("👩 met 👨 in Köln")).isEqualTo("Köln");
      assertThatThrownBy(() -> submit(question, List.of(new Span("place", 12, 17))))
          .hasMessageContaining("names must lie within the 15 characters of \"text\"")
          .hasMessageContaining("but was \"12 to 17\"")
          .hasMessageContaining("Count Unicode code points");
    }

    @Test
    void must_not_overlap_unless_allowed() {
      List<Span> overlapping = List.of(new Span("person", 0, 5), new Span("place", 4, 6));

      assertThatThrownBy(() -> submit(question, overlapping))
          .hasMessageContaining("names must not have overlapping spans");
      submit(
          new SpanQuestion(question.heading(), "text", question.options(), null, true),
          overlapping);
    }

    @Test
    void need_known_labels_and_a_start_before_the_end() {
      assertThatThrownBy(() -> submit(question, List.of(new Span("thing", 3, 3))))
          .hasMessageContaining(
              "names must have labels out of \"person\", \"place\" but was \"thing\"")
          .hasMessageContaining("but was \"3 to 3\"");
    }
  }

  @Test
  void a_name_is_lower_case_and_a_title_not_empty() {
    assertThatThrownBy(() -> TextQuestion.of("My Question"))
        .hasMessageContaining("name must be 1 to 200 lower-case letters")
        .hasMessageContaining("but was \"My Question\"");
    assertThatThrownBy(() -> TextQuestion.of("q").titled(""))
        .hasMessageContaining("title must have 1 to 500 characters (it has 0)");
  }

  @Test
  void a_title_is_the_capitalised_name_unless_given() {
    assertThat(TextQuestion.of("tone").title()).isEqualTo("Tone");
    assertThat(TextQuestion.of("tone").titled("Which tone?").optional())
        .extracting(Question::title, Question::required)
        .containsExactly("Which tone?", false);
  }

  @Test
  void limits_count_code_points() {
    String title = "😀".repeat(500);

    assertThat(TextQuestion.of("q").titled(title).title()).isEqualTo(title);
    assertThatThrownBy(() -> TextQuestion.of("q").titled(title + "!"))
        .hasMessageContaining("it has 501");
  }
}
