package org.attune.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DistinctTest {
  @Test
  void is_the_share_of_bigrams_that_are_different() {
    // 1-2, 2-1, 1-2, 2-1: two of four
    assertThat(Distinct.bigrams(List.of(List.of(new int[] {1, 2, 1, 2, 1})))).containsExactly(0.5);
  }

  @Test
  void no_bigram_reaches_into_the_next_continuation() {
    // 1-2 and 1-2, not 2-1
    assertThat(Distinct.bigrams(List.of(List.of(new int[] {1, 2}, new int[] {1, 2}))))
        .containsExactly(0.5);
  }

  @Test
  void all_models_are_measured_on_as_many_tokens_as_the_one_with_the_fewest() {
    List<int[]> varied = List.of(new int[] {1, 2, 3});
    List<int[]> longer = List.of(new int[] {1, 2}, new int[] {3, 3, 3, 3, 3});

    // of the second model only 1-2 is within three tokens
    assertThat(Distinct.bigrams(List.of(varied, longer))).containsExactly(1, 1);
  }

  @Test
  void a_model_that_wrote_nothing_has_no_variety() {
    assertThat(Distinct.bigrams(List.of(List.of(new int[0]), List.of(new int[] {1, 2}))))
        .containsExactly(0, 0);
  }

  @Test
  void large_ids_are_told_apart() {
    int large = Integer.MAX_VALUE;

    assertThat(Distinct.bigrams(List.of(List.of(new int[] {0, large, large, 0}))))
        .containsExactly(1);
  }
}
