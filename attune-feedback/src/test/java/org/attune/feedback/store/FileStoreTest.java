package org.attune.feedback.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.change.Change;
import org.attune.feedback.field.TermsMetadataProperty;
import org.attune.feedback.field.TextField;
import org.attune.feedback.field.VectorSettings;
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
import org.attune.feedback.record.Suggestion;
import org.attune.feedback.settings.FeedbackSettings;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FileStoreTest {

  static final FeedbackSettings FEEL =
      FeedbackDataset.builder()
          .field(TextField.of("content"))
          .question(RatingQuestion.of("feel", 1, 9))
          .settings();

  @TempDir Path folder;

  private static FeedbackRecord record(String id) {
    return FeedbackRecord.builder().id(id).field("content", "text of " + id).build();
  }

  private static Response rating(String user, int rating) {
    return Response.submitted(user, Map.of("feel", rating));
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("records.jsonl"));
  }

  @Test
  void everything_in_a_dataset_survives_closing_and_opening() {
    FeedbackSettings settings =
        FeedbackDataset.builder()
            .guidelines("# Ünïcode\n\"quotes\" and 😀")
            .field(TextField.of("text").titled("The text").markdown())
            .field(TextField.of("context").optional())
            .question(TextQuestion.of("why").describedAs("in words").optional())
            .question(RatingQuestion.of("feel", List.of(1, 3, 5)))
            .question(LabelQuestion.of("tone", "kind", "rude"))
            .question(MultiLabelQuestion.of("topics", "a", "b", "c"))
            .question(RankingQuestion.of("best", "x", "y"))
            .question(SpanQuestion.of("names", "text", "person"))
            .metadataProperty(TermsMetadataProperty.of("split", "train"))
            .vector(VectorSettings.of("embedding", 2))
            .allowExtraMetadata(false)
            .settings();
    FeedbackRecord full =
        FeedbackRecord.builder()
            .id("r1")
            .externalId("ext \"1\"")
            .field("text", "👩 line one\nline two\u2028three\u0000")
            .metadata("split", "train")
            .vector("embedding", List.of(0.1, -2.5e-7))
            .response(
                Response.submitted(
                    "Zoë",
                    Map.of(
                        "feel", 3,
                        "tone", "kind",
                        "topics", List.of("c", "a"),
                        "best", RankedOption.bestFirst("y", "x"),
                        "names", List.of(new Span("person", 0, 1)))))
            .response(Response.draft(null, Map.of("best", List.of(new RankedOption("x", null)))))
            .response(Response.discarded("c"))
            .suggestion(Suggestion.of("feel", 5).byModel("m/1", 0.25))
            .suggestion(new Suggestion("topics", List.of("a", "b"), null, List.of(0.5, 0.75), null))
            .build();
    try (FileStore store = FileStore.create(folder, settings)) {
      store.dataset().add(full);
    }

    try (FileStore store = FileStore.open(folder)) {
      assertThat(store.dataset().settings()).isEqualTo(settings);
      assertThat(store.dataset().records()).containsExactly(full);
    }
  }

  @Test
  void the_log_is_one_readable_line_a_change() throws IOException {
    try (FileStore store = FileStore.create(folder, FEEL)) {
      store.dataset().add(record("a"));
      store.dataset().respond("a", rating("rater-1", 7));
      store.dataset().suggest("a", Suggestion.of("feel", 5));
      store.dataset().delete("a");
    }

    assertThat(log())
        .isEqualTo(
            """
            {"seq":1,"op":"record","record":{"id":"a","fields":{"content":"text of a"}}}
            {"seq":2,"op":"response","record_id":"a","response":{"user_id":"rater-1","status":"submitted","values":{"feel":7}}}
            {"seq":3,"op":"suggestion","record_id":"a","suggestion":{"question":"feel","value":5}}
            {"seq":4,"op":"delete","record_id":"a"}
            """);
    assertThat(FileStore.read(folder).size()).isZero();
  }

  @Test
  void invalid_feedback_is_not_written() throws IOException {
    try (FileStore store = FileStore.create(folder, FEEL)) {
      store.dataset().add(record("a"));
      String before = log();

      assertThatThrownBy(() -> store.dataset().respond("a", rating("b", 0)))
          .hasMessageContaining("feel must be a rating from 1 to 9 but was 0");
      assertThat(log()).isEqualTo(before);
    }
  }

  @Nested
  class Opening {

    @Test
    void ignores_a_torn_last_line_and_writes_after_the_whole_ones() throws IOException {
      try (FileStore store = FileStore.create(folder, FEEL)) {
        store.dataset().add(record("a"));
        store.dataset().respond("a", rating("b", 5));
      }
      Path file = folder.resolve("records.jsonl");
      byte[] whole = Files.readAllBytes(file);
      int firstLine = new String(whole, StandardCharsets.UTF_8).indexOf('\n') + 1;
      for (int length = firstLine; length < whole.length; length++) {
        Files.write(file, Arrays.copyOf(whole, length));

        assertThat(FileStore.read(folder).record("a").orElseThrow().responses()).isEmpty();
      }

      try (FileStore store = FileStore.open(folder)) {
        store.dataset().respond("a", rating("c", 6));
      }
      assertThat(FileStore.read(folder).record("a").orElseThrow().responses())
          .containsExactly(rating("c", 6));
    }

    @Test
    void ignores_a_tail_of_zero_bytes() throws IOException {
      try (FileStore store = FileStore.create(folder, FEEL)) {
        store.dataset().add(record("a"));
      }
      Files.write(folder.resolve("records.jsonl"), new byte[4096], StandardOpenOption.APPEND);

      assertThat(FileStore.read(folder).size()).isOne();
    }

    @Test
    void reports_a_damaged_line_in_the_middle_with_file_line_and_way_out() throws IOException {
      try (FileStore store = FileStore.create(folder, FEEL)) {
        store.dataset().add(record("a"), record("b"), record("c"));
      }
      String log = log();
      Files.writeString(folder.resolve("records.jsonl"), log.replace("text of b\"", "text of"));

      assertThatThrownBy(() -> FileStore.open(folder))
          .isInstanceOf(FeedbackStoreException.class)
          .hasMessageContaining(
              "records.jsonl line 2 is not valid JSON. Restore the file from a copy")
          .hasMessageContaining("put {\"seq\":2,\"op\":\"removed\"} in its place");

      Files.writeString(
          folder.resolve("records.jsonl"),
          log.replaceFirst("(?m)^\\{\"seq\":2.*$", "{\"seq\":2,\"op\":\"removed\"}"));
      assertThat(FileStore.read(folder).records())
          .extracting(FeedbackRecord::id)
          .containsExactly("a", "c");
    }

    @Test
    void reports_a_missing_line() throws IOException {
      try (FileStore store = FileStore.create(folder, FEEL)) {
        store.dataset().add(record("a"), record("b"), record("c"));
      }
      Files.writeString(
          folder.resolve("records.jsonl"), log().replaceFirst("(?m)^\\{\"seq\":2.*\n", ""));

      assertThatThrownBy(() -> FileStore.read(folder))
          .hasMessageContaining("records.jsonl line 2 has \"seq\":3 where 2 must follow");
    }

    @Test
    void reports_a_line_that_breaks_the_settings() throws IOException {
      try (FileStore store = FileStore.create(folder, FEEL)) {
        store.dataset().add(record("a"));
        store.dataset().respond("a", rating("b", 5));
      }
      Files.writeString(
          folder.resolve("records.jsonl"), log().replace("\"feel\":5", "\"feel\":50"));

      assertThatThrownBy(() -> FileStore.read(folder))
          .hasMessageContaining("records.jsonl line 2 breaks the rules of dataset.json")
          .hasMessageContaining("feel must be a rating from 1 to 9 but was 50");
    }

    @Test
    void a_store_that_is_open_for_writing_names_the_process() {
      try (FileStore store = FileStore.create(folder, FEEL)) {
        store.dataset().add(record("a"));

        assertThatThrownBy(() -> FileStore.open(folder))
            .hasMessageContaining("is already open for writing by this process")
            .hasMessageContaining("FileStore.read");
        assertThat(FileStore.read(folder).size()).as("readers need no lock").isOne();
      }
      FileStore.open(folder).close();
    }

    @Test
    void a_folder_without_a_store_or_with_one_already_is_reported() {
      assertThatThrownBy(() -> FileStore.open(folder.resolve("none")))
          .hasMessageContaining("holds no feedback dataset: there is no dataset.json");
      FileStore.create(folder, FEEL).close();
      assertThatThrownBy(() -> FileStore.create(folder, FEEL))
          .hasMessageContaining("already holds a feedback dataset");
    }

    @Test
    void damaged_settings_are_reported_with_their_line() throws IOException {
      FileStore.create(folder, FEEL).close();
      Path file = folder.resolve("dataset.json");
      Files.writeString(file, Files.readString(file).replace("\"questions\"", "questions"));

      assertThatThrownBy(() -> FileStore.open(folder))
          .hasMessageContaining("dataset.json line ")
          .hasMessageContaining("is not valid JSON");
      assertThatThrownBy(() -> FileStore.open(folder))
          .as("the failed attempt freed the lock")
          .hasMessageContaining("is not valid JSON");
    }
  }

  @Nested
  class Compaction {

    @Test
    void keeps_the_records_as_they_are_and_the_version_grows() throws IOException {
      try (FileStore store = FileStore.create(folder, FEEL)) {
        store.dataset().add(record("a"), record("b"));
        store.dataset().respond("a", rating("x", 1));
        store.dataset().respond("a", rating("x", 2));
        store.dataset().delete("b");
        long before = store.version();

        store.compact();
        store.dataset().respond("a", rating("y", 3));

        assertThat(store.version()).isEqualTo(before + 2);
      }
      assertThat(log()).hasLineCount(2).startsWith("{\"seq\":6,");
      assertThat(FileStore.read(folder).record("a").orElseThrow().responses())
          .containsExactly(rating("x", 2), rating("y", 3));
    }

    @Test
    void goes_before_new_settings_so_that_old_lines_cannot_break_them() {
      try (FileStore store = FileStore.create(folder, FEEL)) {
        store.dataset().add(record("a"));
        store.dataset().respond("a", rating("x", 9));
        store.dataset().respond("a", rating("x", 5));
        store
            .dataset()
            .changeSettings(
                FeedbackDataset.builder()
                    .field(TextField.of("content"))
                    .question(RatingQuestion.of("feel", 1, 5))
                    .settings());
      }

      assertThat(FileStore.read(folder).settings().question("feel"))
          .isEqualTo(RatingQuestion.of("feel", 1, 5));
    }
  }

  @Test
  void a_closed_store_takes_nothing_more() {
    FileStore store = FileStore.create(folder, FEEL);
    store.close();

    assertThatThrownBy(() -> store.dataset().add(record("a")))
        .hasMessageContaining("was closed, so nothing more can be stored");
    assertThat(store.dataset().size()).isZero();
  }

  @Test
  void an_interrupted_thread_can_store() {
    try (FileStore store = FileStore.create(folder, FEEL)) {
      Thread.currentThread().interrupt();
      store.dataset().add(record("a"));
      assertThat(Thread.interrupted()).isTrue();

      store.dataset().add(record("b"));
    }
    assertThat(FileStore.read(folder).size()).isEqualTo(2);
  }

  @Test
  void two_hundred_thousand_responses_are_stored_and_loaded_in_seconds() {
    long start = System.nanoTime();
    try (FileStore store = FileStore.create(folder, FEEL)) {
      List<FeedbackRecord> records = new ArrayList<>();
      for (int i = 0; i < 10_605; i++) {
        records.add(record("r" + i));
      }
      store.dataset().addAll(records);
      List<Change> batch = new ArrayList<>();
      for (int i = 0; i < 198_810; i++) {
        batch.add(new Change.ResponseGiven("r" + i % 10_605, rating("u" + i / 10_605, 1 + i % 9)));
        if (batch.size() == 1_000) {
          store.dataset().apply(batch);
          batch.clear();
        }
      }
      store.dataset().apply(batch);
    }
    Duration stored = Duration.ofNanos(System.nanoTime() - start);
    start = System.nanoTime();
    FeedbackDataset loaded = FileStore.read(folder);
    Duration read = Duration.ofNanos(System.nanoTime() - start);

    assertThat(loaded.records().stream().mapToLong(r -> r.submitted().count()).sum())
        .isEqualTo(198_810);
    assertThat(stored).isLessThan(Duration.ofSeconds(20));
    assertThat(read).isLessThan(Duration.ofSeconds(20));
  }
}
