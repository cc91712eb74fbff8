package org.attune.feedback.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.field.TextField;
import org.attune.feedback.field.VectorSettings;
import org.attune.feedback.question.Heading;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.settings.FeedbackSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NamesTest {

  private static boolean isTaken(BiConsumer<String, Problems> check, String name) {
    Problems problems = Problems.none();
    check.accept(name, problems);
    return problems.isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "A b", "0-_x", " x", "My dataset 2"})
  void datasets_may_be_called(String name) {
    assertThat(isTaken(Names::checkDataset, name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "_a", "a.b", "ä", "a/b", "a\n", "a\tb", "😀"})
  void datasets_may_not_be_called(String name) {
    assertThat(isTaken(Names::checkDataset, name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "team-1_b"})
  void workspaces_may_be_called(String name) {
    assertThat(isTaken(Names::checkWorkspace, name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "_a", "Team", "a b", "a.b", "a\n"})
  void workspaces_may_not_be_called(String name) {
    assertThat(isTaken(Names::checkWorkspace, name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "Ana", "0", "ana_b-2"})
  void people_may_be_called(String name) {
    assertThat(isTaken(Names::checkUsername, name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "_a", "ana b", "ana@b", "a\n", "a[b", "a^b"})
  void people_may_not_be_called(String name) {
    assertThat(isTaken(Names::checkUsername, name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "my-model/v1.0:latest", "A b_c", "-a"})
  void agents_may_be_called(String name) {
    assertThat(isTaken(Names::checkAgent, name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", " ", "_:./", "a,b", "ä", "a@b"})
  void agents_may_not_be_called(String name) {
    assertThat(isTaken(Names::checkAgent, name)).isFalse();
  }

  @Test
  void names_have_at_most_200_characters() {
    for (BiConsumer<String, Problems> check :
        List.<BiConsumer<String, Problems>>of(
            Names::checkDataset,
            Names::checkWorkspace,
            Names::checkUsername,
            Names::checkAgent,
            (name, problems) -> Names.check(name, "T", problems))) {
      assertThat(isTaken(check, "a".repeat(200))).isTrue();
      assertThat(isTaken(check, "a".repeat(201))).isFalse();
    }
  }

  @Test
  void texts_are_measured_in_code_points() {
    TextQuestion longest =
        new TextQuestion(new Heading("q", "😀".repeat(500), "😀".repeat(1000), true), false);
    assertThat(longest.title()).hasSize(1000);
    assertThatThrownBy(() -> TextQuestion.of("q").titled("😀".repeat(501)))
        .hasMessageContaining("title must have 1 to 500 characters (it has 501)");
    assertThatThrownBy(() -> TextQuestion.of("q").describedAs("d".repeat(1001)))
        .hasMessageContaining("description must have 1 to 1000 characters (it has 1001)");
  }

  @Test
  void guidelines_have_at_most_10000_characters_and_datasets_5_vectors() {
    assertThat(dataset("g".repeat(10_000), 5).vectors()).hasSize(5);
    assertThatThrownBy(() -> dataset("g".repeat(10_001), 5))
        .hasMessageContaining("guidelines must have 1 to 10000 characters (it has 10001)");
    assertThatThrownBy(() -> dataset("", 5)).hasMessageContaining("guidelines must have 1 to");
    assertThatThrownBy(() -> dataset(null, 6)).hasMessageContaining("vectors must be at most 5");
  }

  private static FeedbackSettings dataset(@Nullable String guidelines, int vectors) {
    FeedbackDataset.Builder builder =
        FeedbackDataset.builder()
            .guidelines(guidelines)
            .field(TextField.of("text"))
            .question(TextQuestion.of("q"));
    IntStream.range(0, vectors).forEach(i -> builder.vector(VectorSettings.of("v" + i, 2)));
    return builder.settings();
  }
}
