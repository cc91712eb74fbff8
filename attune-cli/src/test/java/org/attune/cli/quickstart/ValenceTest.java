package org.attune.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ValenceTest {
  private final Valence valence = new Valence(Map.of("happy", 2.7, "sad", -2.1, "o'clock", 1.0));

  @Test
  void is_the_sum_of_the_words_brought_between_minus_one_and_one() {
    // s = 2.7 + 2.7 - 2.1 = 3.3; 3.3 / sqrt(3.3 * 3.3 + 15) = 0.6486
    assertThat(valence.of("Happy, (happy) but SAD!")).isCloseTo(0.6486, within(1e-4));
  }

  @Test
  void punctuation_inside_a_word_belongs_to_it() {
    assertThat(valence.of("'o'clock'")).isEqualTo(1 / Math.sqrt(16));
  }

  @Test
  void text_without_known_words_is_neutral() {
    assertThat(valence.of("")).isZero();
    assertThat(valence.of(" \n\t… 😀 ?!")).isZero();
  }

  @Test
  void words_may_stand_apart_by_any_space() {
    assertThat(valence.of("x\u00a0happy\u2003x")).isEqualTo(valence.of("happy"));
  }

  @Test
  void the_bundled_word_list_tells_kind_from_unkind() {
    Valence bundled = Valence.read(Bundled.path("vader-sentiment/vader_lexicon.txt.gz"));

    assertThat(bundled.of("They were happy and loved the gift.")).isGreaterThan(0.5);
    assertThat(bundled.of("He cried, he was sad and hurt.")).isLessThan(-0.5);
  }

  @Test
  void a_damaged_word_list_is_named_with_its_line(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("lexicon.txt.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("good\t1.9\tx\nbad\tmuch\tx\n".getBytes(StandardCharsets.UTF_8));
    }

    assertThatThrownBy(() -> Valence.read(file))
        .hasMessageContaining("lexicon.txt.gz line 2")
        .hasMessageContaining("bad much x")
        .hasMessageContaining("restore it");
  }

  @Test
  void a_word_list_that_is_cut_off_is_an_error(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("lexicon.txt.gz");
    byte[] whole = Files.readAllBytes(Bundled.path("vader-sentiment/vader_lexicon.txt.gz"));
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));

    assertThatThrownBy(() -> Valence.read(file))
        .hasMessageContaining("lexicon.txt.gz cannot be read")
        .hasMessageContaining("restore it");
  }
}
