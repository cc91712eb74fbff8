package org.attune.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.ResponseStatus;
import org.attune.feedback.record.Suggestion;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FeedbackStatisticsTest {

  private static FeedbackDataset dataset() {
    FeedbackDataset dataset =
        FeedbackDataset.builder()
            .field(TextField.of("text"))
            .question(RatingQuestion.of("feel", 1, 3))
            .question(MultiLabelQuestion.of("topics", "a", "b").optional())
            .question(RankingQuestion.of("best", "x", "y").optional())
            .question(TextQuestion.of("why").optional())
            .build();
    dataset.add(
        FeedbackRecord.builder()
            .field("text", "1")
            .response(
                Response.submitted(
                    "u1",
                    Map.of(
                        "feel",
                        1,
                        "topics",
                        List.of("a", "b"),
                        "best",
                        RankedOption.bestFirst("y", "x"),
                        "why",
                        "so")))
            .response(Response.submitted("u2", Map.of("feel", 3)))
            .response(Response.draft("u3", Map.of("feel", 2)))
            .suggestion(Suggestion.of("feel", 2))
            .build(),
        FeedbackRecord.builder().field("text", "2").response(Response.discarded("u1")).build(),
        FeedbackRecord.builder()
            .field("text", "3")
            .response(Response.submitted(null, Map.of("feel", 3)))
            .build());
    return dataset;
  }

  @Test
  void count_records_responses_users_and_answers() {
    FeedbackStatistics statistics = FeedbackStatistics.of(dataset());

    assertThat(statistics.records()).isEqualTo(3);
    assertThat(statistics.completed()).isEqualTo(2);
    assertThat(statistics.progress()).isEqualTo(2.0 / 3);
    assertThat(statistics.users()).isEqualTo(3);
    assertThat(statistics.suggestions()).isOne();
    assertThat(statistics.responses())
        .containsExactly(
            Map.entry(ResponseStatus.DRAFT, 1),
            Map.entry(ResponseStatus.SUBMITTED, 3),
            Map.entry(ResponseStatus.DISCARDED, 1));
    FeedbackStatistics.QuestionStatistics feel = statistics.questions().get(0);
    assertThat(feel.answers()).isEqualTo(3);
    assertThat(feel.records()).isEqualTo(2);
    assertThat(feel.distribution())
        .containsExactly(Map.entry("1", 1), Map.entry("2", 0), Map.entry("3", 2));
    assertThat(feel.mean()).isEqualTo(7 / 3.0);
    assertThat(statistics.questions().get(1).distribution()).isEqualTo(Map.of("a", 1, "b", 1));
    assertThat(statistics.questions().get(2).distribution()).isEqualTo(Map.of("x", 0, "y", 1));
  }

  @Test
  void complete_a_record_at_the_number_of_responses_asked_for() {
    assertThat(FeedbackStatistics.of(dataset(), 2).completed()).isOne();
  }

  @Test
  void have_a_form_in_json() throws Exception {
    JsonNode json =
        new ObjectMapper()
            .readTree(new ObjectMapper().writeValueAsString(FeedbackStatistics.of(dataset())));

    assertThat(json.at("/min_submitted").asInt()).isOne();
    assertThat(json.at("/responses/submitted").asInt()).isEqualTo(3);
    assertThat(json.at("/questions/0/name").asText()).isEqualTo("feel");
    assertThat(json.at("/questions/0/agreement/distance").asText()).isEqualTo("interval");
    assertThat(json.at("/questions/0/agreement/records").asInt()).isOne();
    assertThat(json.at("/questions/3/agreement").isNull()).isTrue();
  }

  @Test
  void of_an_empty_dataset_are_zero() {
    FeedbackStatistics statistics =
        FeedbackStatistics.of(
            FeedbackDataset.builder()
                .field(TextField.of("text"))
                .question(RatingQuestion.of("feel", 1, 3))
                .build());

    assertThat(statistics.records()).isZero();
    assertThat(statistics.progress()).isEqualTo(1);
    assertThat(statistics.questions().get(0).mean()).isNull();
  }
}
