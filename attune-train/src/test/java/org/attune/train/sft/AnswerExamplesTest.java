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
import org.attune.model.tokenizer.Tokenizer;
import org.attune.run.InvalidConfigurationException;
import org.attune.run.sft.Packing;
import org.attune.run.sft.SftConfig;
import org.attune.testkit.Goldens;
import org.attune.train.rows.Example;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AnswerExamplesTest {
  private static final int START = 0;
  private static final int EOS = 1;
  private static final Map<String, String> ROW =
      Map.of("prompt", "Where is my ball?", "completion", "It is in the park.");
  private static final Tokenizer TOKENIZER =
      Tokenizer.load(Goldens.open("seq2seq-text").tensors().resolveSibling("model"));

  @AfterAll
  static void close() {
    TOKENIZER.close();
  }

  private static SftExamples of(
      List<Map<String, Object>> rows, UnaryOperator<SftConfig.Builder> settings) {
    SftConfig config =
        settings.apply(SftConfig.builder().runDir(Path.of("run")).model("model")).build();
    return AnswerExamples.of(Dataset.fromRows(rows), TOKENIZER, config, START);
  }

  private static Example only(UnaryOperator<SftConfig.Builder> settings) {
    return of(List.of(Map.copyOf(ROW)), settings).examples().get(0);
  }

  @Nested
  class A_row {
    @Test
    void is_read_by_the_encoder_and_written_by_the_decoder_behind_its_start() {
      int[] answer = TOKENIZER.encode("It is in the park.");

      Example example = only(config -> config);

      assertThat(example.source()).isEqualTo(TOKENIZER.encode("Where is my ball?"));
      assertThat(example.ids()[0]).isEqualTo(START);
      assertThat(Arrays.copyOfRange(example.ids(), 1, example.length())).isEqualTo(answer);
      assertThat(example.learnedCount()).isEqualTo(answer.length);
    }

    @Test
    void ends_on_both_sides_with_one_end_token() {
      Example example = only(config -> config);

      assertThat(example.source()).endsWith(EOS);
      assertThat(Arrays.stream(example.ids()).filter(id -> id == EOS)).hasSize(1);
      assertThat(example.ids()).endsWith(EOS);
    }

    @Test
    void that_is_too_long_keeps_the_end_of_the_prompt_and_not_that_of_the_answer() {
      Example example = only(config -> config.maxLength(3));

      assertThat(example.source()).hasSize(3).endsWith(EOS);
      assertThat(example.ids()).hasSize(4).doesNotContain(EOS);
    }

    @Test
    void with_an_empty_prompt_reads_the_end_token_alone() {
      SftExamples examples =
          of(List.of(Map.copyOf(ROW), Map.of("prompt", "", "completion", "A cat.")), c -> c);

      assertThat(examples.examples()).hasSize(2);
      assertThat(examples.examples().get(1).source()).containsExactly(EOS);
    }
  }

  @Nested
  class What_a_single_sequence_could_have {
    @Test
    void packing_is_refused() {
      assertThatThrownBy(() -> only(config -> config.packing(Packing.BFD)))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("sft.packing must be none")
          .hasMessageContaining("was BFD");
    }

    @Test
    void the_loss_of_prompts_is_refused() {
      assertThatThrownBy(() -> only(config -> config.completionOnlyLoss(false)))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("sft.completion-only-loss must be true");
    }

    @Test
    void the_loss_of_messages_is_refused() {
      assertThatThrownBy(() -> only(config -> config.assistantOnlyLoss(true)))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("sft.assistant-only-loss must be false");
    }

    @Test
    void rows_of_text_alone_are_refused() {
      assertThatThrownBy(() -> of(List.of(Map.of("text", "A cat.")), config -> config))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContaining("prompt and completion")
          .hasMessageContaining("the columns are text");
    }

    @Test
    void messages_are_refused() {
      List<Map<String, String>> messages = List.of(Map.of("role", "user", "content", "Hi"));

      assertThatThrownBy(
              () ->
                  of(List.of(Map.of("prompt", messages, "completion", messages)), config -> config))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContaining("Row 1, column \"prompt\" holds messages");
    }
  }
}
