package org.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RowKindTest {
  @Test
  void the_most_specific_kind_is_found() {
    assertThat(RowKind.of(List.of("text"))).isEqualTo(RowKind.LANGUAGE_MODELING);
    assertThat(RowKind.of(List.of("messages", "id"))).isEqualTo(RowKind.LANGUAGE_MODELING);
    assertThat(RowKind.of(List.of("prompt"))).isEqualTo(RowKind.PROMPT_ONLY);
    assertThat(RowKind.of(List.of("completion", "prompt"))).isEqualTo(RowKind.PROMPT_COMPLETION);
    assertThat(RowKind.of(List.of("chosen", "rejected", "prompt", "margin")))
        .isEqualTo(RowKind.PREFERENCE);
    assertThat(RowKind.of(List.of("prompt", "completion", "label")))
        .isEqualTo(RowKind.UNPAIRED_PREFERENCE);
    assertThat(RowKind.of(List.of("prompt", "completion", "reward")))
        .isEqualTo(RowKind.REWARD_LABELLED);
    assertThat(
            RowKind.of(
                List.of(
                    "input_ids_chosen",
                    "attention_mask_chosen",
                    "input_ids_rejected",
                    "attention_mask_rejected")))
        .isEqualTo(RowKind.TOKENIZED_PREFERENCE);
  }

  @Test
  void columns_of_no_kind_are_told_what_they_lack() {
    assertThatThrownBy(() -> RowKind.of(List.of("chosen", "question")))
        .isInstanceOf(DatasetFormatException.class)
        .hasMessageContainingAll(
            "chosen, question",
            "For preference rows, the column rejected is missing",
            "text or messages");
  }

  @Test
  void a_required_kind_names_all_missing_columns() {
    assertThatThrownBy(() -> RowKind.PREFERENCE.require(List.of("prompt")))
        .isInstanceOf(DatasetFormatException.class)
        .hasMessageContainingAll("chosen, rejected are missing", "The columns are prompt", "map");
  }
}
