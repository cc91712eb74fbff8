package org.attune.feedback.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.attune.data.Dataset;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.field.IntegerMetadataProperty;
import org.attune.feedback.field.TextField;
import org.attune.feedback.field.VectorSettings;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.Suggestion;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TableLayoutTest {

  private static FeedbackDataset dataset() {
    FeedbackDataset dataset =
        FeedbackDataset.builder()
            .field(TextField.of("text"))
            .question(LabelQuestion.of("tone", "kind", "rude"))
            .question(RankingQuestion.of("best", "x", "y").optional())
            .metadataProperty(IntegerMetadataProperty.of("year"))
            .vector(VectorSettings.of("meaning", 2))
            .build();
    dataset.add(
        FeedbackRecord.builder()
            .id("server-1")
            .externalId("7")
            .field("text", "hello")
            .metadata("year", 2024)
            .vector("meaning", List.of(0.5, 1.0))
            .response(
                Response.submitted(
                    "ana",
                    Map.of(
                        "tone",
                        "kind",
                        "best",
                        List.of(new RankedOption("x", 2), new RankedOption("y", 1)))))
            .response(Response.draft("ben", Map.of("tone", "rude")))
            .suggestion(Suggestion.of("tone", "rude").byModel("m", 0.25))
            .build(),
        FeedbackRecord.builder().id("server-2").field("text", "bye").build());
    return dataset;
  }

  @Test
  void flat_has_the_columns_of_argilla_2() {
    Dataset table = dataset().formatAs(TableLayout.FLAT);

    assertThat(table.columnNames())
        .containsExactly(
            "id",
            "status",
            "_server_id",
            "text",
            "year",
            "meaning",
            "tone.responses",
            "tone.responses.users",
            "tone.responses.status",
            "tone.suggestion",
            "tone.suggestion.score",
            "tone.suggestion.agent",
            "best.responses",
            "best.responses.users",
            "best.responses.status",
            "best.suggestion",
            "best.suggestion.score",
            "best.suggestion.agent");
    assertThat(table.toList().get(0).values())
        .containsEntry("id", "7")
        .containsEntry("status", "completed")
        .containsEntry("_server_id", "server-1")
        .containsEntry("tone.responses", List.of("kind", "rude"))
        .containsEntry("tone.responses.users", List.of("ana", "ben"))
        .containsEntry("tone.responses.status", List.of("submitted", "draft"))
        .containsEntry("tone.suggestion", "rude")
        .containsEntry("tone.suggestion.agent", "m")
        .containsEntry(
            "best.responses",
            List.of(List.of(Map.of("value", "y", "rank", 1L), Map.of("value", "x", "rank", 2L))));
    assertThat(table.toList().get(1).values())
        .containsEntry("id", "server-2")
        .containsEntry("status", "pending")
        .containsEntry("tone.responses", null);
  }

  @Test
  void nested_has_those_of_argilla_1() {
    assertThat(dataset().formatAs(TableLayout.NESTED).columnNames())
        .containsExactly(
            "text",
            "tone",
            "tone-suggestion",
            "tone-suggestion-metadata",
            "best",
            "best-suggestion",
            "best-suggestion-metadata",
            "external_id",
            "metadata",
            "vectors");
  }
}
