package org.attune.train.optimize;

import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;

/**
 * Walks flat buffers in pieces that fit a core's cache, each worker over a part of its own.
 *
 * <p>The pieces and the order of their sums depend on the buffer's length alone.
 */
final class Ranges {
  /** Elements of a piece: four float32 buffers of it fit a second-level cache of 1 MiB. */
  private static final long PIECE = 1 << 15;

  interface Visit {
    void piece(long start, long length);
  }

  interface Measure {
    double of(long start, long length);
  }

  private Ranges() {}

  static void forEach(Workers workers, long count, Visit visit) {
    sum(
        workers,
        count,
        (start, length) -> {
          visit.piece(start, length);
          return 0;
        });
  }

  static double sum(Workers workers, long count, Measure measure) {
    int pieces = Math.toIntExact((count + PIECE - 1) / PIECE);
    double[] measured = new double[pieces];
    workers.each(
        worker -> {
          int from = (int) ((long) pieces * worker / workers.count());
          int to = (int) ((long) pieces * (worker + 1) / workers.count());
          for (int piece = from; piece < to; piece++) {
            long start = piece * PIECE;
            measured[piece] = measureFreeing(measure, start, Math.min(PIECE, count - start));
          }
          return to;
        });
    double sum = 0; // in the order of the pieces, whoever measured them
    for (double part : measured) {
      sum += part;
    }
    return sum;
  }

  private static double measureFreeing(Measure measure, long start, long length) {
    return TensorScope.with(() -> measure.of(start, length));
  }

  static Tensor of(Tensor buffer, long start, long length) {
    return buffer.narrow(0, start, length);
  }
}
