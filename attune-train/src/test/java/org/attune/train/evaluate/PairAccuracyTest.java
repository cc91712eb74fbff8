package org.attune.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.attune.train.evaluate.PairAccuracy.Pair;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PairAccuracyTest {
  @Test
  void is_the_share_of_pairs_whose_chosen_text_scores_higher() {
    List<Pair> pairs = List.of(new Pair(0, 1), new Pair(2, 1), new Pair(1, 3), new Pair(3, 0));

    // 3 > 1 and 2 > 1 and 1 > 0 are right, 0 > 3 is wrong
    assertThat(PairAccuracy.of(pairs, new double[] {3, 1, 2, 0}, 1).value()).isEqualTo(0.75);
  }

  @Test
  void equal_scores_count_half() {
    assertThat(PairAccuracy.of(List.of(new Pair(0, 1)), new double[] {1, 1}, 1).value())
        .isEqualTo(0.5);
  }

  @Test
  void a_model_without_mistakes_has_no_doubt() {
    assertThat(PairAccuracy.of(List.of(new Pair(0, 1), new Pair(0, 2)), new double[] {2, 1, 0}, 1))
        .isEqualTo(new Estimate(1, 1, 1));
  }

  @Test
  void pairs_that_share_a_text_leave_more_doubt_than_pairs_that_share_none() {
    // half of the pairs are right in both; on the left one misjudged text is in all wrong pairs
    List<Pair> sharing =
        IntStream.range(0, 100)
            .mapToObj(i -> i < 50 ? new Pair(0, 2 + i) : new Pair(1, 2 + i))
            .toList();
    double[] scoresOfSharing = new double[102];
    scoresOfSharing[0] = 1;
    scoresOfSharing[1] = -1;
    List<Pair> apart = IntStream.range(0, 100).mapToObj(i -> new Pair(2 * i, 2 * i + 1)).toList();
    double[] scoresOfApart = IntStream.range(0, 200).mapToDouble(i -> i < 100 ? -i : i).toArray();

    Estimate ofSharing = PairAccuracy.of(sharing, scoresOfSharing, 5);
    Estimate ofApart = PairAccuracy.of(apart, scoresOfApart, 5);

    assertThat(ofSharing.value()).isEqualTo(ofApart.value()).isEqualTo(0.5);
    assertThat(ofSharing.high() - ofSharing.low()).isGreaterThan(ofApart.high() - ofApart.low());
  }

  @Test
  void no_pairs_are_an_error() {
    assertThatThrownBy(() -> PairAccuracy.of(List.of(), new double[] {1}, 1))
        .hasMessageContaining("no pairs")
        .hasMessageContaining("at least one");
  }
}
