package org.attune.train.sft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.attune.run.sft.Packing;
import org.attune.train.rows.Example;

/**
 * Fills rows of at most {@code maxLength} tokens with examples.
 *
 * <p>A packed row is a list of sequences that do not see one another: packing decides what is
 * computed together, never what is learned. Best fit decreasing follows Ding et al. 2024
 * (arXiv:2404.10830); wrapping joins all examples and cuts them at every {@code maxLength} tokens,
 * so that sequences run on across examples; cuts without a learned token are left out.
 */
final class Packer {
  private Packer() {}

  static List<List<Example>> pack(List<Example> examples, Packing packing, int maxLength) {
    return switch (packing) {
      // where an encoder reads the prompt, both sides were cut by themselves
      case NONE ->
          examples.stream().map(e -> List.of(e.hasSource() ? e : e.truncated(maxLength))).toList();
      case BFD -> bestFitDecreasing(examples, maxLength);
      case WRAPPED -> wrapped(examples, maxLength).stream().map(List::of).toList();
    };
  }

  /**
   * The longest example first, each into the open row with the least room that holds it, the oldest
   * among equals; rows in the order they were opened.
   */
  static List<List<Example>> bestFitDecreasing(List<Example> examples, int maxLength) {
    List<List<Example>> rows = new ArrayList<>();
    TreeMap<Integer, Deque<List<Example>>> byRoom = new TreeMap<>();
    List<Example> longestFirst =
        examples.stream()
            .map(e -> e.truncated(maxLength))
            .filter(e -> e.length() > 0)
            .sorted(Comparator.comparingInt(Example::length).reversed())
            .toList();
    for (Example example : longestFirst) {
      Map.Entry<Integer, Deque<List<Example>>> tightest = byRoom.ceilingEntry(example.length());
      List<Example> row;
      int room;
      if (tightest == null) {
        row = new ArrayList<>();
        rows.add(row);
        room = maxLength;
      } else {
        row = tightest.getValue().removeFirst();
        room = tightest.getKey();
        if (tightest.getValue().isEmpty()) {
          byRoom.remove(room);
        }
      }
      row.add(example);
      byRoom.computeIfAbsent(room - example.length(), r -> new ArrayDeque<>()).addLast(row);
    }
    return rows;
  }

  private static List<Example> wrapped(List<Example> examples, int maxLength) {
    int total = examples.stream().mapToInt(Example::length).sum();
    int[] ids = new int[total];
    boolean[] isLearned = new boolean[total];
    int at = 0;
    for (Example example : examples) {
      System.arraycopy(example.ids(), 0, ids, at, example.length());
      System.arraycopy(example.isLearned(), 0, isLearned, at, example.length());
      at += example.length();
    }
    List<Example> rows = new ArrayList<>();
    for (int start = 0; start < total; start += maxLength) {
      int end = Math.min(total, start + maxLength);
      Example row =
          new Example(
              Arrays.copyOfRange(ids, start, end), Arrays.copyOfRange(isLearned, start, end));
      if (row.learnedCount() > 0) {
        rows.add(row);
      }
    }
    return rows;
  }
}
