package org.attune.model.generate;

import java.util.Arrays;

/** The k largest of many values, without sorting them all. */
final class LargestLogits {
  private LargestLogits() {}

  /** The k-th largest value, or the smallest if there are fewer. */
  static float smallestOf(int k, float[] logits) {
    if (k >= logits.length) {
      return -Float.MAX_VALUE;
    }
    // the largest so far, as a heap with the smallest of them on top
    float[] heap = Arrays.copyOf(logits, k);
    Arrays.sort(heap);
    for (int i = k; i < logits.length; i++) {
      if (logits[i] > heap[0]) {
        sink(heap, logits[i]);
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
