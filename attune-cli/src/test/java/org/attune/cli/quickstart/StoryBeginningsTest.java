package org.attune.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.attune.cli.quickstart.StoryBeginnings.Beginning;
import org.attune.data.Dataset;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StoryBeginningsTest {
  private static List<Beginning> rows(String story) {
    try (Tokenizer tokenizer = Tokenizer.load(Bundled.stories260k())) {
      return StoryBeginnings.rows(story, tokenizer);
    }
  }

  @Test
  void a_row_is_a_sentence_and_the_two_that_follow() {
    assertThat(rows("Tom ran. He fell! Did he cry?\nNo. He laughed."))
        .containsExactly(
            new Beginning("Tom ran.", " He fell! Did he cry?"),
            new Beginning("Did he cry?", " No. He laughed."));
  }

  @Test
  void a_story_gives_at_most_three_rows() {
    assertThat(rows("A cat. ".repeat(20))).hasSize(3);
  }

  @Test
  void stories_that_are_too_short_give_none() {
    assertThat(rows("")).isEmpty();
    assertThat(rows("   ")).isEmpty();
    assertThat(rows("Tom ran. He fell.")).isEmpty();
  }

  @Test
  void long_prompts_and_completions_are_left_out() {
    String talk = "blah ".repeat(40) + "end. ";

    assertThat(rows(talk + "He fell. He cried.")).isEmpty();
    assertThat(rows("Tom ran. " + talk + "He cried.")).isEmpty();
  }

  @Test
  void the_bundled_stories_fit_the_cap_on_new_tokens() {
    try (Tokenizer tokenizer = Tokenizer.load(Bundled.stories260k())) {
      StoryBeginnings beginnings =
          StoryBeginnings.cut(
              Bundled.path("tinystories-sample/tinystories_sample.txt.gz"), tokenizer, 300, 42);

      assertThat(beginnings.heldOut()).hasSize(300).doesNotHaveDuplicates();
      assertThat(beginnings.train().size()).isGreaterThan(1_500);
      assertThat(beginnings.train())
          .allSatisfy(
              row -> {
                int prompt = tokenizer.encode(row.prompt()).length;
                int whole = tokenizer.encode(row.prompt() + row.completion()).length;
                assertThat(prompt).isLessThan(40);
                assertThat(whole - prompt + 1).isLessThanOrEqualTo(46);
              });
      assertThat(beginnings.train().stream().map(Beginning::prompt).collect(Collectors.toSet()))
          .doesNotContainAnyElementsOf(
              beginnings.heldOut().stream().map(Beginning::prompt).toList());
    }
  }

  @Test
  void nothing_is_learned_of_a_story_with_a_held_out_beginning() {
    List<List<Beginning>> stories =
        IntStream.range(0, 10)
            .mapToObj(
                i ->
                    List.of(
                        new Beginning("story " + i + ", first", " a"),
                        new Beginning("story " + i + ", third", " b")))
            .toList();

    StoryBeginnings split = StoryBeginnings.split(stories, 4, 1);

    assertThat(split.heldOut()).hasSize(4);
    assertThat(split.train()).hasSize(12);
    assertThat(split.train().stream().map(StoryBeginningsTest::story))
        .doesNotContainAnyElementsOf(
            split.heldOut().stream().map(StoryBeginningsTest::story).toList());
  }

  private static String story(Beginning row) {
    return row.prompt().substring(0, row.prompt().indexOf(','));
  }

  @Test
  void a_beginning_that_several_stories_share_is_never_held_out() {
    List<Beginning> shared = List.of(new Beginning("Once upon a time.", " a"));
    List<Beginning> own = List.of(new Beginning("A fox sang.", " b"));

    assertThat(StoryBeginnings.split(List.of(shared, own, shared), 1, 5).heldOut()).isEqualTo(own);
  }

  @Test
  void too_few_stories_are_an_error() {
    assertThatThrownBy(() -> StoryBeginnings.split(List.of(List.of()), 3, 1))
        .hasMessageContaining("0 beginnings to hold out")
        .hasMessageContaining("3 and at least 1 are needed")
        .hasMessageContaining("hold out fewer");
  }

  @Test
  void are_written_as_rows_that_the_trainers_read(@TempDir Path folder) {
    QuickstartFiles files = QuickstartFiles.create(folder.resolve("out"));

    new StoryBeginnings(
            List.of(new Beginning("Zoë ran.", " \u201cHi!\u201d\nshe said.")),
            List.of(new Beginning("Tom fell.", " He cried.")))
        .write(files);

    assertThat(Dataset.read(files.stories()).head(1).get(0).text("completion"))
        .isEqualTo(" \u201cHi!\u201d\nshe said.");
    assertThat(Dataset.read(files.heldOutStories()).head(1).get(0).text("prompt"))
        .isEqualTo("Tom fell.");
    assertThat(Dataset.read(files.prompts()).columnNames()).containsExactly("prompt");
  }
}
