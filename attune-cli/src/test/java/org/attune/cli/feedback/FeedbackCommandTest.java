package org.attune.cli.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attune.cli.Attune;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedbackCommandTest {
  @TempDir private Path folder;
  private Path rows;
  private Path store;

  @BeforeEach
  void write_rows() throws Exception {
    rows = folder.resolve("ratings.csv");
    Files.writeString(
        rows,
        """
        id,text,mood,user_id
        1,A happy day,9,ann
        1,A happy day,6,bob
        2,Ein trüber Tag,2,ann
        """);
    store = folder.resolve("store");
  }

  @Test
  void rows_of_the_same_id_are_one_record_with_several_answers() throws Exception {
    Attune imported = imported();

    assertThat(imported.exitCode()).isZero();
    assertThat(imported.errors()).contains("2 records added");
    JsonNode stats =
        new ObjectMapper().readTree(Attune.run("feedback", "stats", store, "--json").output());
    assertThat(stats.get("records").asInt()).isEqualTo(2);
    assertThat(stats.get("users").asInt()).isEqualTo(2);
    assertThat(stats.get("questions").get(0).get("answers").asInt()).isEqualTo(3);
  }

  @Test
  void answers_are_unified_by_the_strategy_that_is_named() {
    imported();

    Attune unified =
        Attune.run("feedback", "unify", store, "--question", "mood", "--strategy", "mean");

    assertThat(unified.output().lines())
        .containsExactly(
            "{\"id\":\"1\",\"text\":\"A happy day\",\"mood\":7.5,\"answers\":2}",
            "{\"id\":\"2\",\"text\":\"Ein trüber Tag\",\"mood\":2.0,\"answers\":1}");
  }

  @Test
  void an_unknown_strategy_is_answered_with_those_there_are() {
    imported();

    Attune unified =
        Attune.run("feedback", "unify", store, "--question", "mood", "--strategy", "best");

    assertThat(unified.exitCode()).isEqualTo(2);
    assertThat(unified.errors()).contains("mood", "best", "mean", "majority");
  }

  @Test
  void a_dataset_goes_out_and_in_by_the_hub_layout() {
    imported();
    Path hub = folder.resolve("hub");
    Path copy = folder.resolve("copy");

    assertThat(Attune.run("feedback", "export", store, "--to", hub).exitCode()).isZero();
    assertThat(Attune.run("feedback", "import", hub, "--to", copy).exitCode()).isZero();

    assertThat(Attune.run("feedback", "stats", copy).output())
        .isEqualTo(Attune.run("feedback", "stats", store).output())
        .contains("3 answers about 2 records", "9: 1");
  }

  @Test
  void texts_become_rows_to_train_with() {
    imported();
    Path file = folder.resolve("train.jsonl");

    Attune exported =
        Attune.run("feedback", "export", store, "--task", "text", "--field", "text", "--to", file);

    assertThat(exported.exitCode()).isZero();
    assertThat(file)
        .content()
        .isEqualTo("{\"text\":\"A happy day\"}\n{\"text\":\"Ein trüber Tag\"}\n");
  }

  @Test
  void a_rating_out_of_range_leaves_no_store() throws Exception {
    Files.writeString(rows, "text,mood\nA day,12\n");

    Attune imported = imported();

    assertThat(imported.exitCode()).isEqualTo(3);
    assertThat(imported.errors()).contains("mood", "12");
    assertThat(store).doesNotExist();
  }

  @Test
  void a_missing_field_names_the_columns_there_are() throws Exception {
    Files.writeString(rows, "story,mood\nA day,3\n");

    Attune imported = imported();

    assertThat(imported.exitCode()).isEqualTo(3);
    assertThat(imported.errors()).contains("field text", "story, mood", "rename the column");
  }

  @Test
  void a_folder_without_a_store_is_an_error() {
    Attune stats = Attune.run("feedback", "stats", folder.resolve("none"));

    assertThat(stats.exitCode()).isEqualTo(2);
    assertThat(stats.errors()).contains("none");
  }

  private Attune imported() {
    return Attune.run(
        "feedback", "import", rows, "--to", store, "--field", "text", "--rating", "mood=1..9");
  }
}
