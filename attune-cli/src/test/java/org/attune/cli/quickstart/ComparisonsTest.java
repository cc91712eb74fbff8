package org.attune.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.attune.cli.quickstart.Comparisons.Comparison;
import org.attune.cli.quickstart.Comparisons.Counts;
import org.attune.cli.quickstart.RatedSentences.Rated;
import org.attune.data.Dataset;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ComparisonsTest {
  private static final List<Rated> SENTENCES =
      IntStream.range(0, 40).mapToObj(i -> new Rated("sentence " + i, 1 + i % 9)).toList();

  private static double rating(String text) {
    return 1 + Integer.parseInt(text.replace("sentence ", "")) % 9;
  }

  @Test
  void people_rate_the_chosen_sentence_higher_by_one_or_more() {
    Comparisons comparisons = Comparisons.of(SENTENCES, new Counts(200, 10, 50), 1);

    assertThat(comparisons.train())
        .hasSize(200)
        .allSatisfy(
            pair ->
                assertThat(rating(pair.chosen()) - rating(pair.rejected()))
                    .isGreaterThanOrEqualTo(1));
    assertThat(comparisons.heldOut())
        .hasSize(50)
        .allSatisfy(
            pair ->
                assertThat(
                        rating(comparisons.heldOutSentences().get(pair.chosen()))
                            - rating(comparisons.heldOutSentences().get(pair.rejected())))
                    .isGreaterThanOrEqualTo(1));
  }

  @Test
  void no_sentence_is_in_both_parts() {
    Comparisons comparisons = Comparisons.of(SENTENCES, new Counts(500, 10, 50), 2);

    Set<String> learned = new HashSet<>();
    comparisons.train().forEach(pair -> learned.addAll(List.of(pair.chosen(), pair.rejected())));

    assertThat(comparisons.heldOutSentences()).hasSize(10).doesNotContainAnyElementsOf(learned);
  }

  @Test
  void a_sentence_that_occurs_twice_counts_once() {
    List<Rated> twice = Stream.concat(SENTENCES.stream(), SENTENCES.stream()).toList();

    assertThat(Comparisons.of(twice, new Counts(100, 10, 20), 3))
        .isEqualTo(Comparisons.of(SENTENCES, new Counts(100, 10, 20), 3));
  }

  @Test
  void the_seed_decides() {
    assertThat(Comparisons.of(SENTENCES, new Counts(20, 10, 20), 4))
        .isEqualTo(Comparisons.of(SENTENCES, new Counts(20, 10, 20), 4))
        .isNotEqualTo(Comparisons.of(SENTENCES, new Counts(20, 10, 20), 5));
  }

  @Test
  void a_model_that_scores_like_people_is_always_right() {
    Comparisons comparisons = Comparisons.of(SENTENCES, new Counts(20, 10, 50), 6);
    double[] scores =
        comparisons.heldOutSentences().stream().mapToDouble(ComparisonsTest::rating).toArray();

    assertThat(comparisons.accuracy(scores, 1).low()).isEqualTo(1);
  }

  @Test
  void are_written_as_preference_rows(@TempDir Path folder) {
    QuickstartFiles files = QuickstartFiles.create(folder.resolve("out"));
    Comparisons comparisons = Comparisons.of(SENTENCES, new Counts(20, 10, 5), 7);

    comparisons.write(files);

    Comparison first = comparisons.train().get(0);
    assertThat(Dataset.read(files.comparisons()).head(1).get(0).text("chosen"))
        .isEqualTo(first.chosen());
    assertThat(Dataset.read(files.comparisons()).size()).isEqualTo(20);
    assertThat(Dataset.read(files.heldOutComparisons()).columnNames())
        .containsExactlyInAnyOrder("chosen", "rejected");
  }

  @Test
  void too_few_sentences_are_an_error() {
    assertThatThrownBy(() -> Comparisons.of(SENTENCES, new Counts(20, 39, 5), 1))
        .hasMessageContaining("40 different sentences")
        .hasMessageContaining("hold out 39")
        .hasMessageContaining("hold out fewer");
  }

  @Test
  void sentences_that_people_rate_alike_are_an_error() {
    List<Rated> alike =
        IntStream.range(0, 20).mapToObj(i -> new Rated("s" + i, 5 + i / 100.0)).toList();

    assertThatThrownBy(() -> Comparisons.of(alike, new Counts(5, 5, 5), 1))
        .hasMessageContaining("1.0 or more")
        .hasMessageContaining("more varied ratings");
  }
}
