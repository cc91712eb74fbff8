package org.attune.model.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class TextStreamTest {
  private final List<String> pieces = new ArrayList<>();

  /** The characters take up to four tokens each, in byte fallback and in bytes of a merge. */
  @ParameterizedTest
  @MethodSource("texts")
  void pieces_are_whole_characters_and_make_up_the_text(String text) {
    for (Path model : List.of(Bundled.stories260k(), Bundled.gpt2Tokenizer())) {
      pieces.clear();

      assertThat(stream(model, text)).isFalse();

      assertThat(String.join("", pieces)).isEqualTo(text);
      assertThat(pieces).allSatisfy(piece -> assertThat(piece).doesNotContain("\uFFFD"));
      assertThat(pieces)
          .allSatisfy(piece -> assertThat(Character.isLowSurrogate(piece.charAt(0))).isFalse());
    }
  }

  static List<String> texts() {
    return List.of(
        " the end",
        " naïve 漢字 🙂👩‍👩‍👧 done",
        "🙂",
        "\n\n- a\tb",
        " and 漢字 so on.  Then 🙂".repeat(20));
  }

  @Nested
  final class A_stop_string {
    @ParameterizedTest
    @ValueSource(strings = {"END", "ly END", ".END", "D"})
    void ends_the_text_before_itself(String stop) {
      String text = " They ran quickly.END and more";

      assertThat(stream(Bundled.gpt2Tokenizer(), text, "never", stop))
          .isEqualTo(text.contains(stop));

      int end = text.contains(stop) ? text.indexOf(stop) : text.length();
      assertThat(String.join("", pieces)).isEqualTo(text.substring(0, end));
    }

    @Test
    void is_held_back_until_it_is_clear_that_it_does_not_come() {
      stream(Bundled.gpt2Tokenizer(), " one\n\ntwo\n\n\nthree", "\n\n\n\n");

      assertThat(String.join("", pieces)).isEqualTo(" one\n\ntwo\n\n\nthree");
      assertThat(pieces).noneMatch(piece -> piece.matches("(?s).*[^\n]\n+"));
    }

    @Test
    void that_is_only_begun_at_the_end_is_text() {
      assertThat(stream(Bundled.gpt2Tokenizer(), " so E", "END")).isFalse();

      assertThat(String.join("", pieces)).isEqualTo(" so E");
    }

    @Test
    void is_the_first_of_several() {
      assertThat(stream(Bundled.stories260k(), " a cat and a dog", "dog", "cat")).isTrue();

      assertThat(String.join("", pieces)).isEqualTo(" a ");
    }

    @Test
    void in_the_prompt_does_not_count() {
      assertThat(stream(Bundled.stories260k(), " more", "Once")).isFalse();

      assertThat(String.join("", pieces)).isEqualTo(" more");
    }
  }

  /** Streams a text that follows "Once"; whether a stop string came. */
  private boolean stream(Path model, String text, String... stops) {
    try (Tokenizer tokenizer = Tokenizer.load(model)) {
      int[] prompt = tokenizer.encode("Once");
      int[] all = tokenizer.encode("Once" + text);
      TextStream stream = new TextStream(tokenizer, prompt, List.of(stops), pieces::add);
      boolean isStopped = false;
      for (int token : Arrays.copyOfRange(all, prompt.length, all.length)) {
        isStopped = stream.add(token);
      }
      stream.end();
      return isStopped;
    }
  }
}
