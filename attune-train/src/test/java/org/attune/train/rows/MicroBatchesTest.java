package org.attune.train.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MicroBatchesTest {
  private static final int HIDDEN = 2048; // allows 512 tokens in a part

  @Test
  void every_sequence_is_in_one_part() {
    List<Integer> lengths = new Random(1).ints(100, 1, 600).boxed().toList();

    List<List<Integer>> parts = new MicroBatches(3, HIDDEN).of(lengths, length -> length);

    assertThat(parts.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(lengths);
  }

  @Test
  void a_part_holds_no_more_tokens_than_the_budget_unless_one_sequence_does() {
    List<Integer> lengths = new Random(2).ints(100, 1, 600).boxed().toList();

    List<List<Integer>> parts = new MicroBatches(2, HIDDEN).of(lengths, length -> length);

    assertThat(parts).allMatch(part -> part.size() <= 1 || sum(part) <= 512);
  }

  @Test
  void replicas_get_about_as_many_tokens_each() {
    List<Integer> lengths = new Random(3).ints(64, 1, 200).boxed().toList();

    List<List<Integer>> parts = new MicroBatches(2, HIDDEN).of(lengths, length -> length);

    int[] tokens = new int[2];
    for (int i = 0; i < parts.size(); i++) {
      tokens[i % 2] += sum(parts.get(i));
    }
    assertThat(Math.abs(tokens[0] - tokens[1])).isLessThan(200);
  }

  @Test
  void the_longest_are_dealt_first_and_equal_ones_in_their_order() {
    List<String> texts = List.of("a", "ccc", "bb", "ddd", "e");

    assertThat(new MicroBatches(2, HIDDEN).of(texts, String::length))
        .containsExactly(List.of("ccc", "bb"), List.of("ddd", "a", "e"));
  }

  @Test
  void fewer_sequences_than_replicas_leave_some_without_work() {
    assertThat(new MicroBatches(3, HIDDEN).of(List.of("only"), String::length))
        .containsExactly(List.of("only"), List.of(), List.of());
  }

  @Test
  void no_sequences_make_no_parts() {
    assertThat(new MicroBatches(2, HIDDEN).of(List.of(), String::length)).isEmpty();
  }

  @Test
  void the_same_sequences_are_dealt_the_same_way() {
    List<Integer> lengths = IntStream.range(0, 50).map(i -> i * 37 % 11 + 1).boxed().toList();
    MicroBatches parts = new MicroBatches(2, HIDDEN);

    assertThat(parts.of(lengths, length -> length)).isEqualTo(parts.of(lengths, length -> length));
  }

  private static int sum(List<Integer> part) {
    return part.stream().mapToInt(Integer::intValue).sum();
  }
}
