package org.attune.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.attune.feedback.change.Change;
import org.attune.feedback.field.FloatMetadataProperty;
import org.attune.feedback.field.IntegerMetadataProperty;
import org.attune.feedback.field.TermsMetadataProperty;
import org.attune.feedback.field.TextField;
import org.attune.feedback.field.VectorSettings;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.Suggestion;
import org.attune.feedback.unify.LabelStrategy;
import org.attune.feedback.unify.RatingStrategy;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FeedbackDatasetTest {

  private final FeedbackDataset dataset =
      FeedbackDataset.builder()
          .guidelines("Say how the sentence feels.")
          .field(TextField.of("content"))
          .question(RatingQuestion.of("feel", 1, 9))
          .question(TextQuestion.of("reason").optional())
          .build();

  private static FeedbackRecord.Builder paella() {
    return FeedbackRecord.builder()
        .id("r1")
        .externalId("7")
        .field("content", "The base ingredient of paella is rice.");
  }

  @Test
  void a_record_with_responses_of_several_people_is_kept() {
    dataset.add(
        paella()
            .response(Response.submitted("rater-1", Map.of("feel", 7)))
            .response(Response.draft("rater-2", Map.of("reason", "not sure")))
            .response(Response.discarded("rater-3"))
            .build());

    FeedbackRecord kept = dataset.recordByExternalId("7").orElseThrow();
    assertThat(kept.text("content")).isEqualTo("The base ingredient of paella is rice.");
    assertThat(kept.answers("feel")).containsExactly(7);
    assertThat(kept.textAnswers("reason")).as("drafts do not count").isEmpty();
    assertThat(kept.responses()).hasSize(3);
  }

  @Test
  void a_record_without_an_id_gets_one() {
    dataset.add(FeedbackRecord.builder().field("content", "one").build());
    dataset.add(FeedbackRecord.builder().field("content", "two").build());

    assertThat(dataset.records()).extracting(FeedbackRecord::id).doesNotHaveDuplicates();
  }

  @Nested
  class Invalid_feedback {

    @Test
    void a_rating_out_of_range_names_record_user_question_value_rule_and_fix() {
      assertThatThrownBy(
              () ->
                  dataset.add(
                      paella().response(Response.submitted("rater-1", Map.of("feel", 12))).build()))
          .isInstanceOf(InvalidFeedbackException.class)
          .hasMessage(
              """
              1 problem in the feedback:
                record 0 (external id "7"), response of "rater-1": feel must be a rating from 1 to 9 but was 12. \
              Correct the rating, or give the question a wider scale.""");
    }

    @Test
    void all_problems_of_a_batch_are_reported_and_nothing_is_added() {
      assertThatThrownBy(
              () ->
                  dataset.addAll(
                      List.of(
                          paella().build(),
                          FeedbackRecord.builder().field("contents", "typo").build(),
                          FeedbackRecord.builder()
                              .field("content", "fine")
                              .response(Response.submitted("a", Map.of("feel", "7")))
                              .response(Response.submitted("b", Map.of("reason", "none")))
                              .response(Response.draft("b", Map.of("feels", 3)))
                              .build())))
          .isInstanceOf(InvalidFeedbackException.class)
          .hasMessageStartingWith("6 problems in the feedback:")
          .hasMessageContaining("record 1: content must be given but was missing.")
          .hasMessageContaining("contents must be one of the fields [content]")
          .hasMessageContaining(
              "record 2, response of \"a\": feel must be a rating from 1 to 9, as a whole number but"
                  + " was \"7\"")
          .hasMessageContaining("feel must be answered in a submitted response but was missing")
          .hasMessageContaining("feels must be one of the questions [feel, reason] but was 3")
          .hasMessageContaining("responses must be at most one for each user but was \"b\"")
          .extracting(e -> ((InvalidFeedbackException) e).problems())
          .asInstanceOf(InstanceOfAssertFactories.LIST)
          .hasSize(6);
      assertThat(dataset.size()).isZero();
    }

    @Test
    void a_message_shows_twenty_problems_and_counts_the_others() {
      List<FeedbackRecord> records =
          IntStream.range(0, 30).mapToObj(i -> FeedbackRecord.builder().build()).toList();

      assertThatThrownBy(() -> dataset.addAll(records))
          .hasMessageStartingWith("30 problems")
          .hasMessageEndingWith("… and 10 more");
    }

    @Test
    void ids_and_external_ids_are_unique_also_within_a_batch() {
      dataset.add(paella().build());

      assertThatThrownBy(() -> dataset.add(paella().build()))
          .hasMessageContaining("id must be unique in the dataset but was \"r1\"")
          .hasMessageContaining("external id must be unique in the dataset but was \"7\"");
      assertThatThrownBy(
              () ->
                  dataset.add(
                      paella().id("x").externalId("8").build(),
                      paella().id("y").externalId("8").build()))
          .hasMessageContaining("record 1 (external id \"8\"): external id must be unique");
    }

    @Test
    void half_of_a_surrogate_pair_is_refused() {
      assertThatThrownBy(() -> dataset.add(paella().field("content", "a\uD83D").build()))
          .hasMessageContaining("content must be valid Unicode")
          .hasMessageContaining("Cut texts between code points.");
    }

    @Test
    void a_response_to_an_unknown_record_is_refused() {
      assertThatThrownBy(() -> dataset.respond("nobody", Response.discarded("a")))
          .hasMessageContaining("id must be that of a record of the dataset but was \"nobody\"");
    }

    @Test
    void more_than_one_response_without_a_user_is_refused() {
      assertThatThrownBy(
              () ->
                  dataset.add(
                      paella()
                          .response(Response.discarded(null))
                          .response(Response.discarded(null))
                          .build()))
          .hasMessageContaining("responses must be at most one for each user");
    }
  }

  @Nested
  class Later_answers {

    @Test
    void replace_the_same_persons_earlier_answer() {
      dataset.add(paella().response(Response.draft("a", Map.of("feel", 2))).build());

      dataset.respond("r1", Response.submitted("a", Map.of("feel", 3)));

      assertThat(dataset.record("r1").orElseThrow().responses())
          .containsExactly(Response.submitted("a", Map.of("feel", 3)));
    }

    @Test
    void make_unified_answers_void() {
      dataset.add(paella().response(Response.submitted("a", Map.of("feel", 2))).build());
      dataset.unify("feel", RatingStrategy.MEAN);

      dataset.respond("r1", Response.submitted("b", Map.of("feel", 3)));

      assertThat(dataset.record("r1").orElseThrow().unified("feel")).isEmpty();
    }

    @Test
    void a_batch_sees_the_records_it_added_and_deleted() {
      dataset.add(paella().build());

      dataset.apply(
          List.of(
              new Change.RecordAdded(paella().id("r2").externalId("8").build()),
              new Change.ResponseGiven("r2", Response.submitted("a", Map.of("feel", 5))),
              new Change.RecordDeleted("r1")));

      assertThat(dataset.records()).extracting(FeedbackRecord::id).containsExactly("r2");
      assertThat(dataset.recordByExternalId("7")).isEmpty();
      assertThat(dataset.recordByExternalId("8").orElseThrow().answers("feel")).containsExactly(5);
    }
  }

  @Nested
  class Suggestions {

    @Test
    void follow_the_rules_for_drafts_and_for_scores_and_agents() {
      dataset.add(paella().build());

      dataset.suggest("r1", Suggestion.of("feel", 4).byModel("vader/1.0", 0.9));
      dataset.suggest("r1", Suggestion.of("feel", 5).byHuman("me"));

      assertThat(dataset.record("r1").orElseThrow().suggestions())
          .extracting(Suggestion::value)
          .containsExactly(5);
      assertThatThrownBy(() -> dataset.suggest("r1", Suggestion.of("feel", 0).byModel("böse", 1.5)))
          .hasMessageContaining("suggestion: feel must be a rating from 1 to 9 but was 0")
          .hasMessageContaining("feel must have scores from 0 to 1 but was [1.5]")
          .hasMessageContaining("agent must be 1 to 200 letters");
    }
  }

  @Nested
  class Metadata_and_vectors {

    private final FeedbackDataset strict =
        FeedbackDataset.builder()
            .field(TextField.of("text"))
            .question(LabelQuestion.of("label", "yes", "no"))
            .metadataProperty(TermsMetadataProperty.of("split", "train", "test"))
            .metadataProperty(IntegerMetadataProperty.of("year", 1900, 2100))
            .metadataProperty(FloatMetadataProperty.of("quality", 0, 1))
            .vector(VectorSettings.of("embedding", 2))
            .allowExtraMetadata(false)
            .build();

    @Test
    void that_keep_to_the_settings_are_accepted() {
      strict.add(
          FeedbackRecord.builder()
              .field("text", "x")
              .metadata("split", List.of("train", "test"))
              .metadata("year", 2024L)
              .metadata("quality", 1)
              .vector("embedding", List.of(0.5, -1.0))
              .build());

      assertThat(strict.size()).isOne();
    }

    @Test
    void that_break_the_settings_are_reported() {
      assertThatThrownBy(
              () ->
                  strict.add(
                      FeedbackRecord.builder()
                          .field("text", "x")
                          .metadata("split", "dev")
                          .metadata("year", 1899)
                          .metadata("quality", Double.NaN)
                          .metadata("author", "me")
                          .vector("embedding", List.of(1.0))
                          .vector("other", List.of(1.0))
                          .build()))
          .hasMessageContaining("split must be one of [train, test] but was \"dev\"")
          .hasMessageContaining("year must be a whole number from 1900 to 2100 but was 1899")
          .hasMessageContaining("quality must be a finite number from 0.0 to 1.0 but was NaN")
          .hasMessageContaining("author must be one of the metadata properties")
          .hasMessageContaining("embedding must have 2 components but was 1")
          .hasMessageContaining("other must be one of the vectors [embedding]");
    }
  }

  @Nested
  class Settings {

    @Test
    void need_a_required_field_and_unique_names_and_a_field_for_spans() {
      assertThatThrownBy(
              () ->
                  FeedbackDataset.builder()
                      .field(TextField.of("text").optional())
                      .field(TextField.of("text").optional())
                      .question(TextQuestion.of("why").optional())
                      .question(SpanQuestion.of("names", "texts", "person").optional())
                      .build())
          .hasMessageContaining("fields must have unique names but was \"text\"")
          .hasMessageContaining("fields must have at least one that is required")
          .hasMessageContaining("questions must have at least one that is required")
          .hasMessageContaining(
              "question \"names\": field must be one of the text fields [text, text] but was \"texts\"");
    }

    @Test
    void may_leave_out_questions_for_texts_nobody_judges() {
      FeedbackDataset plain = FeedbackDataset.builder().field(TextField.of("content")).build();

      plain.add(paella().build());

      assertThat(plain.size()).isOne();
    }

    @Test
    void change_only_if_every_record_keeps_to_them() {
      dataset.add(paella().response(Response.submitted("a", Map.of("feel", 9))).build());

      assertThatThrownBy(
              () ->
                  dataset.changeSettings(
                      FeedbackDataset.builder()
                          .field(TextField.of("content"))
                          .question(RatingQuestion.of("feel", 1, 5))
                          .settings()))
          .hasMessageContaining("the records under the new settings")
          .hasMessageContaining("feel must be a rating from 1 to 5 but was 9");
      assertThat(dataset.settings().guidelines()).isEqualTo("Say how the sentence feels.");
    }
  }

  @Test
  void unify_refuses_a_strategy_of_another_kind_and_names_those_that_fit() {
    assertThatThrownBy(() -> dataset.unify("feel", LabelStrategy.DISAGREEMENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The rating question \"feel\" cannot be unified by \"disagreement\". Use one of [mean,"
                + " mean-truncated, median, majority, max, min].");
    assertThatThrownBy(() -> dataset.unify("feels", RatingStrategy.MEAN))
        .hasMessage("There is no question \"feels\". The questions are [feel, reason].");
  }

  @Test
  void unify_leaves_records_without_submitted_answers_alone() {
    dataset.add(paella().response(Response.draft("a", Map.of("feel", 9))).build());

    dataset.unify("feel", RatingStrategy.MEAN);

    assertThat(dataset.record("r1").orElseThrow().unifiedValue("feel")).isEmpty();
  }
}
