package org.attune.feedback.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.data.Column;
import org.attune.data.Dataset;
import org.attune.data.Row;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.field.ChatField;
import org.attune.feedback.field.CustomField;
import org.attune.feedback.field.ImageField;
import org.attune.feedback.field.IntegerMetadataProperty;
import org.attune.feedback.field.TextField;
import org.attune.feedback.field.VectorSettings;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Option;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.Span;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.Suggestion;
import org.attune.feedback.template.FeedbackTemplates;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HubLayoutTest {

  @TempDir Path folder;

  private static FeedbackDataset everyKind() {
    FeedbackDataset dataset =
        FeedbackDataset.builder()
            .guidelines("Rate it.\nThen say why: \"freely\" 😀")
            .field(TextField.of("text"))
            .field(TextField.of("context").optional())
            .question(RatingQuestion.of("feel", 1, 9))
            .question(TextQuestion.of("why").optional())
            .question(
                LabelQuestion.of(
                        "tone", List.of(new Option("kind", "Kind words"), Option.of("rude")))
                    .optional())
            .question(MultiLabelQuestion.of("topics", "a", "b", "c").optional())
            .question(RankingQuestion.of("best", "x", "y").optional())
            .question(SpanQuestion.of("names", "text", "person").optional())
            .metadataProperty(IntegerMetadataProperty.of("year"))
            .vector(VectorSettings.of("embedding", 2))
            .build();
    dataset.add(
        FeedbackRecord.builder()
            .externalId("7")
            .field("text", "👩 reads")
            .field("context", "at home")
            .metadata("year", 2024)
            .metadata("source", "diary")
            .vector("embedding", List.of(0.5, -1.0))
            .response(
                Response.submitted(
                    "Zoë",
                    Map.of(
                        "feel",
                        7,
                        "why",
                        "warm",
                        "tone",
                        "kind",
                        "topics",
                        List.of("b", "a"),
                        "best",
                        RankedOption.bestFirst("y", "x"),
                        "names",
                        List.of(new Span("person", 0, 1)))))
            .response(Response.draft("b", Map.of("feel", 2)))
            .response(Response.discarded("c"))
            .suggestion(Suggestion.of("feel", 5).byModel("m/1", 0.25))
            .suggestion(new Suggestion("topics", List.of("a", "c"), null, List.of(0.5, 0.75), null))
            .build(),
        FeedbackRecord.builder().field("text", "empty").build());
    return dataset;
  }

  @Nested
  class A_written_folder {

    @Test
    void gives_the_same_dataset_when_read_except_for_record_ids() {
      FeedbackDataset written = everyKind();
      written.toFolder(folder);

      FeedbackDataset read = FeedbackDataset.fromFolder(folder);

      assertThat(read.settings()).isEqualTo(written.settings());
      assertThat(read.records())
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id")
          .isEqualTo(written.records());
    }

    @Test
    void keeps_images_chats_custom_objects_and_descriptions_of_options() {
      FeedbackDataset written =
          FeedbackDataset.builder()
              .field(ImageField.of("image"))
              .field(ChatField.of("chat").plain().optional())
              .field(CustomField.of("custom", "<b>{{a}}</b>").optional())
              .question(
                  LabelQuestion.of(
                      "tone",
                      List.of(new Option("kind", "Kind", "As to a friend"), Option.of("b"))))
              .build();
      written.add(
          FeedbackRecord.builder()
              .field("image", "https://example.org/a.png")
              .field("chat", List.of(Map.of("role", "user", "content", "Hi \"you\"")))
              .field("custom", Map.of("a", List.of(1, "two"), "b", Map.of("c", true)))
              .build(),
          FeedbackRecord.builder().field("image", "data:image/png;base64,AAAA").build());
      written.toFolder(folder);

      FeedbackDataset read = FeedbackDataset.fromFolder(folder);

      assertThat(read.settings()).isEqualTo(written.settings());
      assertThat(read.records())
          .extracting(FeedbackRecord::fields)
          .containsExactlyElementsOf(
              written.records().stream().map(FeedbackRecord::fields).toList());
    }

    @Test
    void has_the_columns_and_types_that_other_tools_expect() {
      everyKind().toFolder(folder);

      Dataset table = Dataset.read(folder.resolve("data/train-00000-of-00001.parquet"));
      Map<String, String> types = new LinkedHashMap<>();
      for (Column column : table.columns()) {
        types.put(column.name(), column.type());
      }
      assertThat(types.keySet())
          .containsExactly(
              "text",
              "context",
              "feel",
              "feel-suggestion",
              "feel-suggestion-metadata",
              "why",
              "why-suggestion",
              "why-suggestion-metadata",
              "tone",
              "tone-suggestion",
              "tone-suggestion-metadata",
              "topics",
              "topics-suggestion",
              "topics-suggestion-metadata",
              "best",
              "best-suggestion",
              "best-suggestion-metadata",
              "names",
              "names-suggestion",
              "names-suggestion-metadata",
              "external_id",
              "metadata",
              "vectors");
      assertThat(types)
          .containsEntry("feel", "STRUCT(user_id VARCHAR, \"value\" INTEGER, status VARCHAR)[]")
          .containsEntry("feel-suggestion", "INTEGER")
          .containsEntry(
              "feel-suggestion-metadata", "STRUCT(\"type\" VARCHAR, score FLOAT, agent VARCHAR)")
          .containsEntry(
              "topics-suggestion-metadata",
              "STRUCT(\"type\" VARCHAR, score FLOAT[], agent VARCHAR)")
          .containsEntry(
              "best",
              "STRUCT(user_id VARCHAR, \"value\" STRUCT(rank UTINYINT[], \"value\" VARCHAR[]), status"
                  + " VARCHAR)[]")
          .containsEntry("metadata", "VARCHAR");
      Row first = table.head(1).get(0);
      assertThat(first.get("metadata")).isEqualTo("{\"year\":2024,\"source\":\"diary\"}");
      assertThat(first.list("feel"))
          .hasSize(3)
          .first()
          .isEqualTo(Map.of("user_id", "Zoë", "value", 7L, "status", "submitted"));
      assertThat(first.list("names").toString()).contains("text=[👩]");
    }

    @Test
    void has_settings_and_a_card_for_people() throws IOException {
      everyKind().toFolder(folder);

      assertThat(Files.readString(folder.resolve("argilla.yaml")))
          .contains("allow_extra_metadata: true")
          .contains("type: label_selection")
          .contains("visible_labels: null")
          .contains("kind: Kind words");
      assertThat(Files.readString(folder.resolve("README.md")))
          .startsWith("---\nsize_categories: n<1K\ntags:\n- rlfh\n- argilla\n- human-feedback\n")
          .contains("2 records.", "- `feel` (rating): Feel");
    }

    @Test
    void needs_records_and_different_names() {
      assertThatThrownBy(() -> FeedbackTemplates.forSummarization().build().toFolder(folder))
          .hasMessageContaining("The dataset has no records");
      FeedbackDataset clash = FeedbackTemplates.forProximalPolicyOptimization(7, false).build();
      clash.add(FeedbackRecord.builder().field("prompt", "x").build());
      assertThatThrownBy(() -> clash.toFolder(folder))
          .hasMessageContaining("Two columns would be named \"prompt\".");
    }
  }

  @Nested
  class An_old_folder {

    private static Map<String, @Nullable Object> lists(
        List<@Nullable Object> users,
        List<@Nullable Object> values,
        List<@Nullable Object> states) {
      Map<String, @Nullable Object> lists = new LinkedHashMap<>();
      lists.put("user_id", users);
      lists.put("value", values);
      lists.put("status", states);
      return lists;
    }

    @Test
    void with_python_classes_in_its_yaml_is_read() throws IOException {
      Files.writeString(
          folder.resolve("argilla.yaml"),
          """
          fields:
          - id: !!python/object:uuid.UUID
              int: 1234567890
            name: text
            required: true
            settings: {type: text, use_markdown: true}
            title: Text
            type: !!python/object/apply:some.module.FieldTypes
            - text
          guidelines: null
          questions:
          - name: feel
            required: true
            title: Feel
            type: rating
            values: [1, 2, 3]
          """);
      Dataset.fromRows(
              List.of(
                  Map.of(
                      "text",
                      "x",
                      "feel",
                      List.of(Map.of("user_id", "a", "value", 2, "status", "submitted")))))
          .toParquet(folder.resolve("train.parquet"));

      FeedbackDataset dataset = FeedbackDataset.fromFolder(folder);

      assertThat(dataset.settings().fields()).containsExactly(TextField.of("text").markdown());
      assertThat(dataset.records().get(0).answers("feel")).containsExactly(2);
    }

    @Test
    void with_rankings_as_lists_of_objects_is_read() throws IOException {
      Files.writeString(
          folder.resolve("argilla.yaml"),
          """
          fields: [{name: text, type: text}]
          questions: [{name: best, type: ranking, values: [x, y]}]
          """);
      Dataset.fromRows(
              List.of(
                  Map.of(
                      "text",
                      "t",
                      "best",
                      List.of(
                          Map.of(
                              "user_id", "a",
                              "value",
                                  List.of(
                                      Map.of("rank", 1, "value", "y"),
                                      Map.of("rank", 2, "value", "x")),
                              "status", "submitted")))))
          .toParquet(folder.resolve("train.parquet"));

      assertThat(FeedbackDataset.fromFolder(folder).records().get(0).answers("best"))
          .containsExactly(RankedOption.bestFirst("y", "x"));
    }

    @Test
    void with_argilla_cfg_and_answers_as_objects_of_lists_is_read() throws IOException {
      Files.writeString(
          folder.resolve("argilla.cfg"),
          """
          {"fields": [{"id": "f1", "name": "instruction", "title": "Instruction", "required": true,
                       "settings": {"type": "text", "use_markdown": false}}],
           "questions": [
             {"id": "q1", "name": "better", "title": "Better", "description": null, "required": true,
              "settings": {"type": "rating", "options": [{"value": 1}, {"value": 2}]}},
             {"id": "q2", "name": "new-instruction", "title": "Final", "required": false,
              "settings": {"type": "text", "use_markdown": false}},
             {"id": "q3", "name": "order", "title": "Order", "required": false,
              "settings": {"type": "ranking",
                           "options": [{"value": "x", "text": "X"}, {"value": "y", "text": "Y"}]}}],
           "guidelines": "Choose."}
          """);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("instruction", "Say hello");
      row.put(
          "better", lists(Arrays.asList("a", null), List.of(2, 1), List.of("submitted", "draft")));
      row.put("new-instruction", lists(List.of("a"), List.of("Greet"), List.of("submitted")));
      row.put(
          "order",
          lists(
              List.of("a"),
              List.of(Map.of("rank", List.of(1, 2), "value", List.of("y", "x"))),
              List.of("submitted")));
      row.put("external_id", "e1");
      Dataset.fromRows(List.of(row)).toParquet(folder.resolve("train-00000-of-00001-abc.parquet"));

      FeedbackDataset dataset = FeedbackDataset.fromFolder(folder);

      assertThat(dataset.settings().guidelines()).isEqualTo("Choose.");
      assertThat(dataset.settings().question("better"))
          .isEqualTo(RatingQuestion.of("better", 1, 2));
      assertThat(dataset.recordByExternalId("e1").orElseThrow().responses())
          .containsExactly(
              Response.submitted(
                  "a",
                  Map.of(
                      "better",
                      2,
                      "new-instruction",
                      "Greet",
                      "order",
                      RankedOption.bestFirst("y", "x"))),
              Response.draft(null, Map.of("better", 1)));
    }
  }

  @Nested
  class Faulty_folders {

    @Test
    void without_settings_or_records_are_reported() throws IOException {
      assertThatThrownBy(() -> FeedbackDataset.fromFolder(folder))
          .isInstanceOf(HubFormatException.class)
          .hasMessageContaining("holds neither argilla.yaml nor argilla.cfg");
      Files.writeString(
          folder.resolve("argilla.yaml"), "fields: [{name: text, type: text}]\nquestions: []\n");
      assertThatThrownBy(() -> FeedbackDataset.fromFolder(folder))
          .hasMessageContaining("holds no .parquet file");
    }

    @Test
    void with_broken_settings_name_the_place() throws IOException {
      Files.writeString(folder.resolve("argilla.yaml"), "fields: [\nquestions: {");
      assertThatThrownBy(() -> FeedbackDataset.fromFolder(folder))
          .hasMessageContaining("argilla.yaml is not valid YAML")
          .hasMessageContaining("line 2");
      Files.writeString(
          folder.resolve("argilla.yaml"),
          "fields: [{name: text, type: text}]\nquestions: [{name: q, type: slider}]\n");
      assertThatThrownBy(() -> FeedbackDataset.fromFolder(folder))
          .hasMessageContaining("question 0: type must be text, rating")
          .hasMessageContaining("but was \"slider\"");
    }

    @Test
    void with_several_splits_need_a_choice() throws IOException {
      everyKind().toFolder(folder);
      Files.copy(
          folder.resolve("data/train-00000-of-00001.parquet"),
          folder.resolve("data/test-00000-of-00001.parquet"));

      assertThatThrownBy(() -> FeedbackDataset.fromFolder(folder))
          .hasMessageContaining("has the splits [test, train]. Name the one to read.");
      assertThatThrownBy(() -> FeedbackDataset.fromFolder(folder, "dev"))
          .hasMessageContaining("has no split \"dev\"");
      assertThat(FeedbackDataset.fromFolder(folder, "test").size()).isEqualTo(2);
    }

    @Test
    void with_rows_that_no_record_can_hold_name_the_row() throws IOException {
      Files.writeString(
          folder.resolve("argilla.yaml"),
          """
          fields: [{name: text, type: text}]
          questions: [{name: why, type: text}]
          """);
      Map<String, Object> answer = Map.of("user_id", "a", "value", "so", "status", "done");
      Dataset.fromRows(
              List.of(
                  Map.of("text", "x", "metadata", "{}"),
                  Map.of("text", "y", "metadata", "{year", "why", List.of(answer, answer))))
          .toParquet(folder.resolve("train.parquet"));

      assertThatThrownBy(() -> FeedbackDataset.fromFolder(folder))
          .hasMessageStartingWith("4 problems in the records of")
          .hasMessageContaining("row 2: metadata must be an object in JSON but was \"{year\"")
          .hasMessageContaining("row 2: why must have one answer of each user but was \"a\"")
          .hasMessageContaining(
              "row 2: status must be draft, submitted or discarded but was \"done\"");
    }

    @Test
    void with_invalid_answers_name_the_record() throws IOException {
      Files.writeString(
          folder.resolve("argilla.yaml"),
          """
          fields: [{name: text, type: text}]
          questions: [{name: feel, type: rating, values: [1, 2, 3]}]
          """);
      Dataset.fromRows(
              List.of(
                  Map.of(
                      "text",
                      "x",
                      "feel",
                      List.of(Map.of("user_id", "a", "value", 9, "status", "submitted")))))
          .toParquet(folder.resolve("train.parquet"));

      assertThatThrownBy(() -> FeedbackDataset.fromFolder(folder))
          .hasMessageContaining(
              "record 0, response of \"a\": feel must be a rating from 1 to 3 but was 9");
    }
  }
}
