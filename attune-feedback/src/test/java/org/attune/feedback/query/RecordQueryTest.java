package org.attune.feedback.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.argilla.QueryJson;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.Suggestion;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RecordQueryTest {

  private static final Scope LENGTH = Scope.metadata("length");

  @Nested
  class In_memory {

    private final FeedbackDataset dataset =
        FeedbackDataset.builder()
            .field(TextField.of("text"))
            .question(RatingQuestion.of("feel", 1, 9))
            .question(MultiLabelQuestion.of("topics", "food", "war").optional())
            .build();

    In_memory() {
      dataset.add(
          record("a")
              .metadata("length", 10)
              .metadata("source", List.of("web", "book"))
              .suggestion(Suggestion.of("feel", 5).byModel("m-1", 0.9))
              .response(Response.submitted("ana", Map.of("feel", 7, "topics", List.of("food"))))
              .build(),
          record("b").metadata("length", 9.5).response(Response.discarded("ana")).build(),
          record("c").metadata("source", "web").build());
    }

    private FeedbackRecord.Builder record(String name) {
      return FeedbackRecord.builder().externalId(name).field("text", name);
    }

    private List<String> names(FeedbackDataset found) {
      return found.records().stream().map(record -> record.text("text")).toList();
    }

    private List<String> filtered(Filter... filters) {
      return names(dataset.filterBy(filters));
    }

    @Test
    void filters_look_at_every_part_of_a_record() {
      assertThat(filtered(Filter.of(Scope.metadata("source"), "web"))).containsExactly("a", "c");
      assertThat(filtered(Filter.of(Scope.metadata("source"), "book", "x"))).containsExactly("a");
      assertThat(filtered(Filter.between(LENGTH, 9.5, 9.5))).containsExactly("b");
      assertThat(filtered(Filter.atLeast(LENGTH, 9.6))).containsExactly("a");
      assertThat(filtered(Filter.atMost(LENGTH, 9.6))).containsExactly("b");
      assertThat(filtered(Filter.of(Scope.suggestion("feel"), "5"))).containsExactly("a");
      assertThat(filtered(Filter.of(Scope.suggestionAgent("feel"), "m-1"))).containsExactly("a");
      assertThat(filtered(Filter.atLeast(Scope.suggestionScore("feel"), 0.95))).isEmpty();
      assertThat(filtered(Filter.of(Scope.response("topics"), "food"))).containsExactly("a");
      assertThat(filtered(Filter.atLeast(Scope.response("feel"), 7))).containsExactly("a");
      assertThat(filtered(Filter.of(Scope.responseStatus(), "pending", "discarded")))
          .containsExactly("b", "c");
      assertThat(filtered(Filter.of(Scope.record("external_id"), "c"))).containsExactly("c");
    }

    @Test
    void several_filters_must_all_let_pass() {
      assertThat(filtered(Filter.of(Scope.metadata("source"), "web"), Filter.atLeast(LENGTH, 0)))
          .containsExactly("a");
      assertThat(filtered()).containsExactly("a", "b", "c");
    }

    @Test
    void sorts_put_records_that_have_nothing_last() {
      assertThat(names(dataset.sortBy(Sort.ascending(LENGTH)))).containsExactly("b", "a", "c");
      assertThat(names(dataset.sortBy(Sort.descending(LENGTH)))).containsExactly("a", "b", "c");
      assertThat(
              names(
                  dataset.sortBy(
                      Sort.descending(Scope.metadata("source")),
                      Sort.descending(Scope.record("external_id")))))
          .containsExactly("c", "a", "b");
    }

    @Test
    void what_is_filtered_is_a_dataset_of_its_own() {
      FeedbackDataset some = dataset.filterBy(Filter.of(Scope.record("external_id"), "a"));
      some.add(record("d").build());

      assertThat(dataset.size()).isEqualTo(3);
      assertThat(some.recordByExternalId("a")).isPresent();
      assertThat(some.recordByExternalId("b")).isEmpty();
    }

    @Test
    void what_only_a_server_knows_is_refused() {
      assertThatThrownBy(() -> dataset.sortBy(Sort.ascending(Scope.record("inserted_at"))))
          .hasMessageContaining("Only a server knows \"inserted_at\"");
    }
  }

  @Nested
  class As_json {

    @Test
    void is_what_argilla_reads() {
      RecordQuery query =
          RecordQuery.all()
              .text("rice", "text")
              .similarTo(Similarity.toRecord("v", "id").leastSimilar())
              .filterBy(
                  Filter.of(Scope.metadata("split"), "a", "b"),
                  Filter.between(Scope.suggestionScore("q"), 0, 0.5),
                  Filter.of(Scope.response("q"), "3"),
                  Filter.of(Scope.responseStatus(), "draft"))
              .sortBy(Sort.ascending(Scope.record("inserted_at")), Sort.descending(LENGTH));

      assertThat(QueryJson.write(query))
          .isEqualTo(
              Map.of(
                  "query",
                  Map.of(
                      "text", Map.of("q", "rice", "field", "text"),
                      "vector", Map.of("name", "v", "record_id", "id", "order", "least_similar")),
                  "filters",
                  Map.of(
                      "and",
                      List.of(
                          Map.of(
                              "type", "terms",
                              "scope", Map.of("entity", "metadata", "metadata_property", "split"),
                              "values", List.of("a", "b")),
                          Map.of(
                              "type",
                              "range",
                              "scope",
                              Map.of("entity", "suggestion", "question", "q", "property", "score"),
                              "ge",
                              0L,
                              "le",
                              0.5),
                          Map.of(
                              "type",
                              "terms",
                              "scope",
                              Map.of("entity", "response", "question", "q", "property", "value"),
                              "values",
                              List.of("3")),
                          Map.of(
                              "type", "terms",
                              "scope", Map.of("entity", "response", "property", "status"),
                              "values", List.of("draft")))),
                  "sort",
                  List.of(
                      Map.of(
                          "scope",
                          Map.of("entity", "record", "property", "inserted_at"),
                          "order",
                          "asc"),
                      Map.of(
                          "scope",
                          Map.of("entity", "metadata", "metadata_property", "length"),
                          "order",
                          "desc"))));
      assertThat(RecordQuery.all().isEverything()).isTrue();
      assertThat(query.isEverything()).isFalse();
    }
  }

  @Test
  void a_filter_has_one_to_250_values_or_bounds_in_order() {
    String[] most = IntStream.range(0, 250).mapToObj(String::valueOf).toArray(String[]::new);
    String[] more = IntStream.range(0, 251).mapToObj(String::valueOf).toArray(String[]::new);
    assertThat(Filter.of(LENGTH, most).values()).hasSize(250);
    assertThatThrownBy(() -> Filter.of(LENGTH, more))
        .isInstanceOf(InvalidFeedbackException.class)
        .hasMessageContaining("values must be 1 to 250");
    assertThatThrownBy(() -> Filter.of(LENGTH)).hasMessageContaining("values must be 1 to 250");
    assertThatThrownBy(() -> Filter.between(LENGTH, 2, 1))
        .hasMessageContaining("least must be at most 1.0 but was 2.0");
  }
}
