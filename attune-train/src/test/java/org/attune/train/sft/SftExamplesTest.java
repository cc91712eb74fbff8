package org.attune.train.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.attune.data.Dataset;
import org.attune.data.DatasetFormatException;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.template.ChatTemplates;
import org.attune.model.tokenizer.SkipSpecial;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.run.sft.Packing;
import org.attune.run.sft.SftConfig;
import org.attune.testkit.Bundled;
import org.attune.train.rows.Example;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SftExamplesTest {
  private static final int EOS = 2;
  private static final Tokenizer TOKENIZER = Tokenizer.load(Bundled.stories260k());

  private static ChatTemplates templates;

  @BeforeAll
  static void write_a_template(@TempDir Path folder) throws IOException {
    Files.copy(
        Bundled.stories260k().resolve("tokenizer_config.json"),
        folder.resolve("tokenizer_config.json"));
    Files.writeString(
        folder.resolve("chat_template.jinja"),
        "{{ bos_token }}{% for tool in tools or [] %}{ {{- tool.name -}} }{% endfor %}"
            + "{% for m in messages %}{% if m.role == 'assistant' %}"
            + "{% generation %}{{ m.content ~ eos_token }}{% endgeneration %}"
            + "{% elif m.role == 'robot' %}{{ raise_exception('no robot') }}"
            + "{% else %}[{{ m.content }}{{ m.name is defined and '!' or '' }}]{% endif %}{% endfor %}");
    templates = ChatTemplates.read(folder);
  }

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
    void of_messages_need_a_chat_template() {
      assertThatThrownBy(
              () ->
                  SftExamples.of(
                      Dataset.fromRows(List.of(Map.of("messages", List.of(say("user", "Hi"))))),
                      TOKENIZER,
                      ChatTemplates.read(Bundled.stories260k()),
                      config(UnaryOperator.identity())))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("no chat template", "chat_template.jinja");
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

  @Nested
  class Rows_of_messages {
    private final List<Map<String, String>> talk =
        List.of(say("user", "Tom had"), say("assistant", "a red ball"));

    @Test
    void are_learned_whole_as_the_template_writes_them() {
      Example example = only(Map.of("messages", talk));

      assertThat(example).isEqualTo(Example.of(TOKENIZER.encode("<s>[Tom had]a red ball</s>")));
    }

    @Test
    void are_learned_where_the_assistant_speaks_if_asked() {
      Example example = only(Map.of("messages", talk), config -> config.assistantOnlyLoss(true));

      assertThat(learned(example)).isEqualTo("a red ball</s>");
    }

    @Test
    void with_prompt_and_completion_are_learned_from_the_completion_on() {
      Map<String, Object> row =
          Map.of("prompt", talk.subList(0, 1), "completion", talk.subList(1, 2));

      assertThat(learned(only(row))).isEqualTo("a red ball</s>");
      assertThat(only(row, config -> config.completionOnlyLoss(false)).learnedCount())
          .isEqualTo(only(row).length() - 1);
    }

    @Test
    void may_have_tools_as_a_list_or_as_json() {
      Map<String, Object> tool = Map.of("name", "now");

      assertThat(whole(Map.of("messages", talk, "tools", List.of(tool))))
          .isEqualTo("<s> {now}[Tom had]a red ball</s>");
      assertThat(whole(Map.of("messages", talk, "tools", "[{\"name\": \"now\"}]")))
          .isEqualTo("<s> {now}[Tom had]a red ball</s>");
    }

    @Test
    void lose_the_keys_without_value_that_a_schema_added() {
      Map<String, Object> message = new HashMap<>(say("user", "Tom"));
      message.put("name", null);

      assertThat(whole(Map.of("messages", List.of(message)))).isEqualTo("<s> [Tom]");
    }

    @Test
    void that_the_template_refuses_are_an_error_with_their_number() {
      assertThatThrownBy(() -> only(Map.of("messages", List.of(say("robot", "Beep")))))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("Row 1", "messages", "line 1", "no robot");
    }

    @Test
    void without_a_word_of_the_assistant_say_how_to_mark_them() {
      Map<String, Object> row = Map.of("messages", talk.subList(0, 1));

      assertThatThrownBy(() -> only(row, config -> config.assistantOnlyLoss(true)))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("Row 1", "assistant-only-loss", "{% generation %}");
    }

    @Test
    void are_needed_for_the_assistants_loss() {
      assertThatThrownBy(
              () -> only(Map.of("text", "Tom."), config -> config.assistantOnlyLoss(true)))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("sft.assistant-only-loss", "text", "set it to false");
    }

    private static String whole(Map<String, ?> row) {
      return TOKENIZER.decode(only(row).ids(), SkipSpecial.NO);
    }

    private static String learned(Example example) {
      int[] ids =
          IntStream.range(0, example.length())
              .filter(i -> example.isLearned()[i])
              .map(i -> example.ids()[i])
              .toArray();
      return TOKENIZER.decode(ids, SkipSpecial.NO);
    }
  }

  private static Map<String, String> say(String role, String content) {
    return Map.of("role", role, "content", content);
  }

  private static Example only(Map<String, ?> row) {
    return only(row, UnaryOperator.identity());
  }

  private static Example only(Map<String, ?> row, UnaryOperator<SftConfig.Builder> settings) {
    return examples(settings, List.of(row)).examples().get(0);
  }

  private static SftExamples examples(
      UnaryOperator<SftConfig.Builder> settings, List<? extends Map<String, ?>> rows) {
    return SftExamples.of(Dataset.fromRows(rows), TOKENIZER, templates, config(settings));
  }

  private static SftConfig config(UnaryOperator<SftConfig.Builder> settings) {
    return settings
        .apply(SftConfig.builder().runDir(Path.of("run")).model("bundled/stories260k"))
        .build();
  }

  private static int[] ended(String text) {
    int[] ids = TOKENIZER.encode(text);
    int[] ended = Arrays.copyOf(ids, ids.length + 1);
    ended[ids.length] = EOS;
    return ended;
  }
}
