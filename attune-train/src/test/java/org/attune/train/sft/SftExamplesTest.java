package org.attune.train.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.attune.data.Dataset;
import org.attune.data.DatasetFormatException;
import org.attune.model.tokenizer.SkipSpecial;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.run.sft.Packing;
import org.attune.run.sft.SftConfig;
import org.attune.testkit.Bundled;
import org.attune.train.rows.Example;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SftExamplesTest {
  private static final int EOS = 2;
  private static final Tokenizer TOKENIZER = Tokenizer.load(Bundled.stories260k());

  @AfterAll
  static void close() {
    TOKENIZER.close();
  }

  @Nested
  class Rows_of_text {
    @Test
    void are_learned_whole_and_end_with_the_end_token() {
      Example example = only(Map.of("text", "Tom had a red ball."));

      assertThat(example).isEqualTo(Example.of(ended("Tom had a red ball.")));
    }

    @Test
    void that_end_with_the_end_token_get_no_second_one() {
      Example example = only(Map.of("text", "Tom had a red ball.</s>"));

      assertThat(Arrays.stream(example.ids()).filter(id -> id == EOS).count()).isEqualTo(1);
    }

    @Test
    void get_none_where_that_is_not_wanted() {
      Example example = only(Map.of("text", "Tom."), config -> config.appendEos(false));

      assertThat(example.ids()).isEqualTo(TOKENIZER.encode("Tom."));
    }

    @Test
    void keep_every_character_of_any_script() {
      String text = "Grüße, 世界 🎈 — e\u0301!";

      Example example = only(Map.of("text", text));

      assertThat(TOKENIZER.decode(example.ids(), SkipSpecial.YES)).isEqualTo(text);
    }

    @Test
    void are_cut_at_the_maximum_length() {
      Example example = only(Map.of("text", "Tom had a red ball."), config -> config.maxLength(3));

      assertThat(example.ids()).isEqualTo(Arrays.copyOf(ended("Tom had a red ball."), 3));
    }

    @Test
    void are_left_whole_for_wrapping() {
      Example example =
          only(
              Map.of("text", "Tom had a red ball."),
              config -> config.maxLength(3).packing(Packing.WRAPPED));

      assertThat(example.ids()).isEqualTo(ended("Tom had a red ball."));
    }
  }

  @Nested
  class Rows_of_prompt_and_completion {
    private static final Map<String, String> ROW =
        Map.of("prompt", "Tom had", "completion", " a red ball.");

    @Test
    void are_encoded_together_and_learn_the_completion() {
      Example example = only(ROW);

      assertThat(example)
          .isEqualTo(
              Example.completion(ended("Tom had a red ball."), TOKENIZER.encode("Tom had").length));
    }

    @Test
    void learn_the_prompt_too_where_that_is_wanted() {
      Example example = only(ROW, config -> config.completionOnlyLoss(false));

      assertThat(example).isEqualTo(Example.of(ended("Tom had a red ball.")));
    }

    @Test
    void without_a_completion_within_the_maximum_length_are_dropped_and_counted() {
      SftExamples examples =
          examples(
              config -> config.maxLength(5),
              List.of(
                  Map.of("prompt", "Tom had a red ball. He liked it.", "completion", " Yes."),
                  Map.of("prompt", "Tom", "completion", " ran.")));

      assertThat(examples.examples()).hasSize(1);
      assertThat(examples.dropped()).isEqualTo(1);
    }

    @Test
    void whose_prompt_is_tokenized_differently_before_its_completion_are_counted() {
      SftExamples examples =
          examples(
              UnaryOperator.identity(),
              List.of(
                  Map.of("prompt", "Once upon a ti", "completion", "me there was"),
                  Map.of("prompt", "Tom had", "completion", " a red ball.")));

      assertThat(examples.examples()).hasSize(2);
      assertThat(examples.shifted()).isEqualTo(1);
    }
  }

  @Nested
  class Rows_that_teach_nothing {
    @Test
    void are_an_error_that_names_their_number_and_the_maximum_length() {
      assertThatThrownBy(
              () ->
                  only(
                      Map.of("prompt", "Tom had a red ball.", "completion", " Yes."),
                      c -> c.maxLength(2)))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContaining("None of the 1 rows has a token to learn")
          .hasMessageContaining("sft.max-length 2")
          .hasMessageContaining("raise it");
    }

    @Test
    void without_a_fitting_column_are_an_error_that_names_the_columns() {
      assertThatThrownBy(() -> only(Map.of("story", "Tom had a red ball.")))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContaining("story")
          .hasMessageContaining("text");
    }

    @Test
    void such_as_preferences_are_an_error_that_names_the_missing_column() {
      assertThatThrownBy(() -> only(Map.of("chosen", "Yes.", "rejected", "No.")))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContaining("the column text is missing")
          .hasMessageContaining("chosen")
          .hasMessageContaining("rejected");
    }

    @Test
    void of_chat_messages_are_an_error_that_says_how_to_make_text() {
      assertThatThrownBy(() -> only(Map.of("messages", List.of(Map.of("role", "user")))))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContaining("messages")
          .hasMessageContaining("data.format-template");
    }

    @Test
    void for_completion_only_loss_need_prompt_and_completion() {
      assertThatThrownBy(
              () -> only(Map.of("text", "Tom."), config -> config.completionOnlyLoss(true)))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContaining("sft.completion-only-loss")
          .hasMessageContaining("the columns are text")
          .hasMessageContaining("set it to false");
    }
  }

  private static Example only(Map<String, ?> row) {
    return only(row, UnaryOperator.identity());
  }

  private static Example only(Map<String, ?> row, UnaryOperator<SftConfig.Builder> settings) {
    return examples(settings, List.of(row)).examples().get(0);
  }

  private static SftExamples examples(
      UnaryOperator<SftConfig.Builder> settings, List<? extends Map<String, ?>> rows) {
    SftConfig.Builder builder =
        SftConfig.builder().runDir(Path.of("run")).model("bundled/stories260k");
    return SftExamples.of(Dataset.fromRows(rows), TOKENIZER, settings.apply(builder).build());
  }

  private static int[] ended(String text) {
    int[] ids = TOKENIZER.encode(text);
    int[] ended = Arrays.copyOf(ids, ids.length + 1);
    ended[ids.length] = EOS;
    return ended;
  }
}
