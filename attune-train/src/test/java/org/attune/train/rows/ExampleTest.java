package org.attune.train.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ExampleTest {

  @Test
  void the_first_token_is_predicted_from_nothing_and_never_counts() {
    assertThat(Example.of(new int[] {5, 6, 7}).learnedCount()).isEqualTo(2);
    assertThat(Example.of(new int[] {5}).learnedCount()).isZero();
    assertThat(Example.of(new int[0]).learnedCount()).isZero();
  }

  @Test
  void of_a_completion_only_what_follows_the_prompt_is_learned() {
    Example example = Example.completion(new int[] {5, 6, 7, 8}, 3);

    assertThat(example.isLearned()).containsExactly(false, false, false, true);
    assertThat(example.learnedCount()).isEqualTo(1);
  }

  @Test
  void a_prompt_that_is_longer_than_the_whole_leaves_nothing_to_learn() {
    assertThat(Example.completion(new int[] {5, 6}, 9).learnedCount()).isZero();
  }

  @Test
  void truncation_keeps_the_start() {
    Example example = Example.completion(new int[] {5, 6, 7, 8}, 2);

    assertThat(example.truncated(3)).isEqualTo(Example.completion(new int[] {5, 6, 7}, 2));
    assertThat(example.truncated(4)).isSameAs(example);
  }

  @Test
  void flags_must_fit_the_ids() {
    assertThatThrownBy(() -> new Example(new int[2], new boolean[3]))
        .hasMessage("2 ids do not fit 3 flags.");
  }
}
