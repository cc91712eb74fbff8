package org.attune.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.attune.model.tokenizer.SkipSpecial;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ChatTemplateTest {
  private static final Map<String, String> TOKENS = Map.of("bos_token", "<s>", "eos_token", "</s>");
  private static final String MARKING =
      "{{ bos_token }}{% for m in messages %}{% if m.role == 'assistant' %}"
          + "{% generation %}{{ m.content + eos_token }}{% endgeneration %}"
          + "{% else %}[{{ m.content }}]{% endif %}{% endfor %}"
          + "{% if add_generation_prompt %}>{% endif %}";
  private static final Conversation TALK =
      Conversation.of(
          List.of(
              Map.of("role", "user", "content", "Once"),
              Map.of("role", "assistant", "content", "upon a time")));
  private static final Tokenizer TOKENIZER = Tokenizer.load(Bundled.stories260k());

  @AfterAll
  static void close() {
    TOKENIZER.close();
  }

  private static ChatTemplate template(String source) {
    return ChatTemplate.of(source, TOKENS);
  }

  @Nested
  class A_text {
    @Test
    void has_the_special_tokens_by_name() {
      assertThat(template(MARKING).render(TALK)).isEqualTo("<s>[Once]upon a time</s>");
    }

    @Test
    void ends_with_the_beginning_of_an_answer_if_asked() {
      Conversation asked = TALK.ending(Conversation.Ending.GENERATION_PROMPT);

      assertThat(template(MARKING).render(asked)).endsWith("</s>>");
    }

    @Test
    void leaves_the_last_message_open_if_asked() {
      Conversation open = TALK.ending(Conversation.Ending.CONTINUED);

      assertThat(template(MARKING).render(open)).isEqualTo("<s>[Once]upon a time");
      assertThat(template("{{ messages[-1].content.strip() }}!").render(open))
          .isEqualTo("upon a time");
    }

    @Test
    void cannot_leave_open_what_the_template_does_not_print() {
      Conversation open = TALK.ending(Conversation.Ending.CONTINUED);

      assertThatThrownBy(() -> template("{{ messages[0].content }}").render(open))
          .isInstanceOf(TemplateException.class)
          .hasMessageContainingAll("last message", "cannot be continued", "generation prompt");
    }

    @Test
    void has_the_reasoning_under_each_of_its_names() {
      Conversation thought =
          Conversation.of(List.of(Map.of("role", "assistant", "reasoning", "Hm.")));

      assertThat(
              template("{{ messages[0].reasoning_content }}{{ messages[0].thinking }}")
                  .render(thought))
          .isEqualTo("Hm.Hm.");
    }

    @Test
    void has_the_date_of_the_clock() {
      Clock clock = Clock.fixed(Instant.parse("2026-03-04T23:30:00Z"), ZoneId.of("Asia/Tokyo"));

      assertThat(ChatTemplate.of("{{ strftime_now('%d %b %Y') }}", TOKENS, clock).render(TALK))
          .isEqualTo("05 Mar 2026");
    }

    @Test
    void sees_no_tools_as_none_and_undefined_names_as_undefined() {
      assertThat(
              template("{{ tools is none }}{{ documents is none }}{{ custom_tools is defined }}")
                  .render(TALK))
          .isEqualTo("TrueTrueFalse");
    }
  }

  @Nested
  class Tokens {
    @Test
    void begin_with_one_bos_only() {
      int[] ids = template(MARKING).ids(TALK, TOKENIZER);

      assertThat(ids).startsWith(1);
      assertThat(IntStream.of(ids).filter(id -> id == 1).count()).isEqualTo(1);
    }

    @Test
    void begin_with_no_bos_that_the_template_does_not_write() {
      assertThat(template("{{ messages[0].content }}").ids(TALK, TOKENIZER)).doesNotContain(1);
    }

    @Test
    void of_the_assistant_are_its_words_and_nothing_else() {
      EncodedConversation encoded = template(MARKING).encode(TALK, TOKENIZER);

      int[] words =
          IntStream.range(0, encoded.ids().length)
              .filter(i -> encoded.isAssistantToken()[i])
              .map(i -> encoded.ids()[i])
              .toArray();
      assertThat(TOKENIZER.decode(words, SkipSpecial.NO)).isEqualTo("upon a time</s>");
      assertThat(encoded.hasAssistantToken()).isTrue();
    }

    @Test
    void are_the_assistants_where_characters_take_several_tokens_or_code_units() {
      Conversation emoji =
          Conversation.of(
              List.of(
                  Map.of("role", "user", "content", "👍🏽"),
                  Map.of("role", "assistant", "content", "🗼")));

      EncodedConversation encoded = template(MARKING).encode(emoji, TOKENIZER);

      int[] words =
          IntStream.range(0, encoded.ids().length)
              .filter(i -> encoded.isAssistantToken()[i])
              .map(i -> encoded.ids()[i])
              .toArray();
      assertThat(TOKENIZER.decode(words, SkipSpecial.NO)).isEqualTo("🗼</s>");
    }

    @Test
    void of_a_template_without_marks_are_nobodys() {
      ChatTemplate unmarked = template("{{ messages[0].content }}");

      assertThat(unmarked.encode(TALK, TOKENIZER).hasAssistantToken()).isFalse();
    }

    @Test
    void that_a_macro_hides_are_an_error() {
      String hiding =
          "{% macro say(m) %}{% generation %}{{ m.content }}{% endgeneration %}{% endmacro %}"
              + "{{ say(messages[1]) }}";

      assertThat(template(hiding).render(TALK)).isEqualTo("upon a time");
      assertThatThrownBy(() -> template(hiding).encode(TALK, TOKENIZER))
          .isInstanceOf(TemplateException.class)
          .hasMessageContainingAll("generation", "macro", "outside");
    }

    @Test
    void and_marks_are_those_of_transformers() {
      JsonNode corpus = Goldens.open("chat-templates").corpus();
      Map<String, String> sources = new HashMap<>();
      corpus
          .get("templates")
          .forEach(each -> sources.put(each.get("name").textValue(), each.get("text").textValue()));
      assertThat(corpus.get("encodings")).isNotEmpty();

      for (JsonNode expected : corpus.get("encodings")) {
        String folder = expected.get("tokenizer").textValue();
        JsonNode conversation =
            corpus.at("/conversations/" + expected.get("conversation").textValue());
        try (Tokenizer tokenizer = Tokenizer.load(Bundled.path(folder))) {
          EncodedConversation encoded =
              ChatTemplates.read(Bundled.path(folder))
                  .with(Objects.requireNonNull(sources.get(expected.get("template").textValue())))
                  .encode(
                      Conversation.of(PlainJson.objects(conversation.get("messages"))), tokenizer);

          List<Integer> mask = new ArrayList<>();
          for (boolean isAssistant : encoded.isAssistantToken()) {
            mask.add(isAssistant ? 1 : 0);
          }
          assertThat(encoded.ids()).as("%s", expected).isEqualTo(numbers(expected.get("ids")));
          assertThat(mask).as("%s", expected).isEqualTo(PlainJson.integers(expected.get("mask")));
        }
      }
    }

    private int[] numbers(JsonNode array) {
      return PlainJson.integers(array).stream().mapToInt(Integer::intValue).toArray();
    }
  }

  @Nested
  class A_refusal {
    @Test
    void of_the_template_says_its_words_and_line() {
      assertThatThrownBy(
              () -> template("\n\n{{ raise_exception('Roles must alternate') }}").render(TALK))
          .isInstanceOfSatisfying(
              TemplateException.class,
              e -> {
                assertThat(e.line()).isEqualTo(3);
                assertThat(e.reason()).isEqualTo("Roles must alternate");
                assertThat(e).hasMessageContainingAll("line 3", "Roles must alternate");
              });
    }

    @Test
    void names_what_is_undefined() {
      assertThatThrownBy(() -> template("a\n{{ messages[0].name.first }}").render(TALK))
          .isInstanceOf(TemplateException.class)
          .hasMessageContainingAll("line 2", "dictionary", "\"name\"");
    }

    @Test
    void of_a_malformed_template_comes_when_it_is_read() {
      assertThatThrownBy(() -> template("{% if x %}\n{{ y }}"))
          .isInstanceOf(TemplateException.class)
          .hasMessageContainingAll("line 2", "endif");
    }

    @Test
    void of_what_is_not_supported_says_so() {
      assertThatThrownBy(() -> template("{% include 'other' %}"))
          .isInstanceOf(TemplateException.class)
          .hasMessageContainingAll("include", "not supported");
      assertThatThrownBy(() -> template("{{ 'a' | urlize }}").render(TALK))
          .isInstanceOf(TemplateException.class)
          .hasMessageContainingAll("urlize", "not supported");
    }
  }
}
