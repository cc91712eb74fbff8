package org.attune.train.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.attune.data.Dataset;
import org.attune.data.DatasetFormatException;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.tokenizer.PairEncoding;
import org.attune.model.tokenizer.SequenceEncoder;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RewardPairsTest {
  private static final SequenceEncoder ENCODER =
      new SequenceEncoder(PairEncoding.CONCATENATE, true, 64);

  private LanguageModel model;

  @BeforeEach
  void load() {
    model = LanguageModel.load(Bundled.stories260k(), Head.SCORE, 0);
  }

  @AfterEach
  void close() {
    model.close();
  }

  @SafeVarargs
  private final RewardPairs read(Map<String, ?>... rows) {
    List<Map<String, ?>> all = new ArrayList<>();
    for (Map<String, ?> row : rows) {
      all.add(row);
    }
    return RewardPairs.of(Dataset.fromRows(all), "training", model, ENCODER);
  }

  private int[] ended(String text) {
    int[] ids = model.tokenizer().encode(text);
    int[] ended = new int[ids.length + 1];
    System.arraycopy(ids, 0, ended, 0, ids.length);
    ended[ids.length] = 2; // </s>
    return ended;
  }

  @Nested
  class Messages {
    private static final List<Map<String, String>> PROMPT =
        List.of(Map.of("role", "user", "content", "The cat"));
    private static final List<Map<String, String>> CHOSEN =
        List.of(Map.of("role", "assistant", "content", "sat."));
    private static final List<Map<String, String>> REJECTED =
        List.of(Map.of("role", "assistant", "content", "flew."));

    @Test
    void are_scored_as_the_template_writes_them(@TempDir Path folder) throws IOException {
      model.save(folder);
      Files.writeString(
          folder.resolve("chat_template.jinja"),
          "{{ bos_token }}{% for m in messages %}{{ m.role[0] }}: {{ m.content }}\n{% endfor %}");
      Dataset rows =
          Dataset.fromRows(
              List.of(Map.of("prompt", PROMPT, "chosen", CHOSEN, "rejected", REJECTED)));

      try (LanguageModel chatting = LanguageModel.load(folder, Head.SCORE, 0)) {
        Pair pair = RewardPairs.of(rows, "training", chatting, ENCODER).pairs().get(0);

        assertThat(pair.chosen().ids())
            .isEqualTo(model.tokenizer().encode("u: The cat\na: sat.\n"));
        assertThat(pair.rejected().ids())
            .isEqualTo(model.tokenizer().encode("u: The cat\na: flew.\n"));
      }
    }

    @Test
    void need_a_chat_template() {
      assertThatThrownBy(() -> read(Map.of("chosen", CHOSEN, "rejected", REJECTED)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("no chat template", "chat_template.jinja");
    }
  }

  @Nested
  class Text {
    @Test
    void gets_the_end_token() {
      Pair pair = read(Map.of("chosen", "Once upon a time", "rejected", "No")).pairs().get(0);

      assertThat(pair.chosen().ids()).isEqualTo(ended("Once upon a time"));
      assertThat(pair.rejected().ids()).isEqualTo(ended("No"));
      assertThat(pair.margin()).isZero();
    }

    @Test
    void that_ends_with_the_end_token_gets_no_second() {
      Pair pair = read(Map.of("chosen", "A cat</s>", "rejected", "A dog")).pairs().get(0);

      assertThat(pair.chosen().ids()).isEqualTo(ended("A cat"));
    }

    @Test
    void follows_its_prompt_directly() {
      Pair pair =
          read(Map.of("prompt", "The cat ", "chosen", "sat.", "rejected", "🐱 flog äöü."))
              .pairs()
              .get(0);

      assertThat(pair.chosen().ids()).isEqualTo(ended("The cat sat."));
      assertThat(pair.rejected().ids()).isEqualTo(ended("The cat 🐱 flog äöü."));
    }

    @Test
    void may_have_a_margin() {
      RewardPairs pairs =
          read(
              Map.of("chosen", "a", "rejected", "b", "margin", 1.5),
              Map.of("chosen", "c", "rejected", "d"));

      assertThat(pairs.pairs()).extracting(Pair::margin).containsExactly(1.5, 0.0);
    }

    @Test
    void that_is_too_long_drops_its_row_whole() {
      RewardPairs pairs =
          read(
              Map.of("chosen", "a", "rejected", "Once upon a time ".repeat(40)),
              Map.of("chosen", "Once upon a time ".repeat(40), "rejected", "a"),
              Map.of("chosen", "c", "rejected", "d"));

      assertThat(pairs.dropped()).isEqualTo(2);
      assertThat(pairs.pairs()).extracting(Pair::row).containsExactly(3);
    }

    @Test
    void too_long_in_every_row_is_an_error() {
      String text = "Once upon a time ".repeat(40);
      assertThatThrownBy(() -> read(Map.of("chosen", text + "a", "rejected", text + "b")))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("None of the 1 training rows", "64 tokens", "reward.max-length");
    }
  }

  @Nested
  class Identical_sides {
    @Test
    void are_an_error_that_names_the_row() {
      assertThatThrownBy(
              () ->
                  read(
                      Map.of("chosen", "a", "rejected", "b"),
                      Map.of("chosen", "same", "rejected", "same")))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessage(
              "Row 2 of the training data: \"chosen\" and \"rejected\" are identical. A pair needs two different completions; drop it or correct one of its sides.");
    }

    @Test
    void in_many_rows_are_all_counted_and_the_first_ones_named() {
      List<Map<String, String>> rows = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        rows.add(Map.of("chosen", "text " + i, "rejected", i % 2 == 0 ? "text " + i : "other"));
      }

      assertThatThrownBy(() -> RewardPairs.of(Dataset.fromRows(rows), "evaluation", model, ENCODER))
          .hasMessageStartingWith(
              "Rows 1, 3, 5, 7, 9, 11, 13, 15 and 2 more of the evaluation data: ");
    }

    @Test
    void of_token_ids_are_named_by_their_columns() {
      assertThatThrownBy(
              () -> read(tokens(List.of(1, 5), List.of(1, 1), List.of(1, 5), List.of(1, 1))))
          .hasMessageContainingAll("Row 1", "input_ids_chosen", "input_ids_rejected", "identical");
    }
  }

  @Nested
  class Token_ids {
    @Test
    void are_taken_as_they_are_without_padding() {
      Pair pair =
          read(tokens(List.of(1, 5, 6, 0), List.of(1, 1, 1, 0), List.of(0, 1, 7), List.of(0, 1, 1)))
              .pairs()
              .get(0);

      assertThat(pair.chosen().ids()).containsExactly(1, 5, 6);
      assertThat(pair.rejected().ids()).containsExactly(1, 7);
    }

    @Test
    void tell_whether_all_end_with_the_end_token() {
      RewardPairs ended =
          read(tokens(List.of(1, 5, 2), List.of(1, 1, 1), List.of(7, 2), List.of(1, 1)));
      RewardPairs open =
          read(tokens(List.of(1, 5, 2), List.of(1, 1, 1), List.of(7, 8), List.of(1, 1)));

      assertThat(ended.allEndWith(OptionalInt.of(2))).isTrue();
      assertThat(ended.allEndWith(OptionalInt.empty())).isFalse();
      assertThat(open.allEndWith(OptionalInt.of(2))).isFalse();
    }

    @Test
    void of_another_vocabulary_are_an_error() {
      assertThatThrownBy(() -> read(tokens(List.of(1, 512), List.of(1, 1), List.of(7), List.of(1))))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll(
              "Row 1", "\"input_ids_chosen\"", "0 to 511", "512", "tokenizer of the model");
    }

    @Test
    void must_fit_their_mask() {
      assertThatThrownBy(() -> read(tokens(List.of(1, 5), List.of(1), List.of(7), List.of(1))))
          .hasMessageContainingAll(
              "Row 1", "\"attention_mask_chosen\": has 1 entries, but input_ids_chosen has 2");
    }

    @Test
    void that_are_all_masked_are_an_error() {
      assertThatThrownBy(() -> read(tokens(List.of(1, 5), List.of(1, 1), List.of(7), List.of(0))))
          .hasMessageContainingAll(
              "Row 1", "\"attention_mask_rejected\"", "leaves no token", "Drop the row");
    }
  }

  @Nested
  class Other_rows {
    @Test
    void are_an_error_that_names_what_is_missing() {
      assertThatThrownBy(() -> read(Map.of("chosen", "a", "text", "b")))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("rejected", "chosen, rejected[, prompt][, margin]");
    }

    @Test
    void without_a_side_are_an_error_that_names_the_row() {
      assertThatThrownBy(() -> read(Map.of("chosen", "a", "rejected", "b"), Map.of("chosen", "a")))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("Row 2", "\"rejected\"", "null");
    }
  }

  private static Map<String, Object> tokens(
      List<Integer> chosen, List<Integer> chosenMask, List<Integer> rejected, List<Integer> mask) {
    return Map.of(
        "input_ids_chosen", chosen,
        "attention_mask_chosen", chosenMask,
        "input_ids_rejected", rejected,
        "attention_mask_rejected", mask);
  }
}
