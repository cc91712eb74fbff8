package org.attune.train.sft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.attune.run.sft.Packing;
import org.attune.train.rows.Example;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PackerTest {

  @Nested
  class Best_fit_decreasing {
    @Test
    void fills_the_row_with_the_least_room_that_suffices() {
      assertThat(
              Packer.pack(
                  List.of(tokens(1, 2, 3, 4, 5), tokens(6, 7), tokens(8, 9, 10), tokens(11)),
                  Packing.BFD,
                  4))
          .containsExactly(
              List.of(tokens(1, 2, 3, 4)),
              List.of(tokens(8, 9, 10), tokens(11)),
              List.of(tokens(6, 7)));
    }

    @Test
    void takes_the_oldest_of_rows_with_the_same_room() {
      assertThat(lengths(bins(6, 5, 4, 4, 3, 2, 2, 1, 1, 6)))
          .containsExactly(List.of(6), List.of(5, 1), List.of(4, 2), List.of(4, 2), List.of(3, 1));
    }

    @Test
    void keeps_every_sequence_that_fits_whole() {
      assertThat(lengths(bins(8, 3, 3, 3, 3)).stream().flatMap(List::stream))
          .containsExactly(3, 3, 3, 3);
    }

    @Test
    void leaves_empty_examples_out() {
      assertThat(Packer.pack(List.of(tokens()), Packing.BFD, 4)).isEmpty();
    }

    private static List<List<Example>> bins(int maxLength, int... lengths) {
      List<Example> examples =
          Arrays.stream(lengths).mapToObj(length -> Example.of(new int[length])).toList();
      return Packer.pack(examples, Packing.BFD, maxLength);
    }

    private static List<List<Integer>> lengths(List<List<Example>> rows) {
      return rows.stream().map(row -> row.stream().map(Example::length).toList()).toList();
    }
  }

  @Nested
  class Wrapping {
    @Test
    void joins_all_examples_and_cuts_at_every_multiple_of_the_length() {
      assertThat(
              Packer.pack(
                  List.of(tokens(1, 2, 3, 4, 5), tokens(6), tokens(7, 8)), Packing.WRAPPED, 3))
          .containsExactly(
              List.of(tokens(1, 2, 3)), List.of(tokens(4, 5, 6)), List.of(tokens(7, 8)));
    }

    @Test
    void keeps_which_tokens_are_learned() {
      Example completion = Example.completion(new int[] {1, 2, 3, 4}, 3);

      List<List<Example>> rows = Packer.pack(List.of(completion), Packing.WRAPPED, 4);

      assertThat(rows).containsExactly(List.of(completion));
    }

    @Test
    void leaves_a_cut_out_that_teaches_nothing() {
      assertThat(Packer.pack(List.of(tokens(1, 2, 3, 4, 5)), Packing.WRAPPED, 4))
          .containsExactly(List.of(tokens(1, 2, 3, 4)));
    }
  }

  @Test
  void without_packing_each_example_is_a_row_cut_at_the_end() {
    assertThat(
            Packer.pack(
                List.of(tokens(1, 2), Example.of(IntStream.range(0, 9).toArray())),
                Packing.NONE,
                3))
        .containsExactly(List.of(tokens(1, 2)), List.of(tokens(0, 1, 2)));
  }

  private static Example tokens(int... ids) {
    return Example.of(ids);
  }
}
