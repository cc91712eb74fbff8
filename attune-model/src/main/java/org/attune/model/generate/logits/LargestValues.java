package org.attune.model.generate.logits;

import java.util.Arrays;

/** The k largest of many values, without sorting them all. */
final class LargestValues {
  private LargestValues() {}

  /** The k-th largest value, or less than all if there are no more than k. */
  static float smallestOf(int k, float[] values) {
    if (k >= values.length) {
      return Float.NEGATIVE_INFINITY;
    }
    // the largest so far, as a heap with the smallest of them on top
    float[] heap = Arrays.copyOf(values, k);
    Arrays.sort(heap);
    for (int i = k; i < values.length; i++) {
      if (values[i] > heap[0]) {
        sink(heap, values[i]);
      }
    }
    return heap[0];
  }

  /** Replaces the top. */
  private static void sink(float[] heap, float value) {
    int hole = 0;
    for (int child = 1; child < heap.length; child = 2 * hole + 1) {
      if (child + 1 < heap.length && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= value) {
        break;
      }
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = value;
  }
}
