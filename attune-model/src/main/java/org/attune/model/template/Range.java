package org.attune.model.template;

import java.util.AbstractList;

/** The numbers of {@code range(from, to, step)}. */
final class Range extends AbstractList<Object> {
  private static final int MAX_SIZE = 100_000;

  private final long from;
  private final long to;
  private final long step;
  private final int size;

  Range(long from, long to, long step) {
    this.from = from;
    this.to = to;
    this.step = step;
    if (step == 0) {
      throw new Failure("the step of a range must not be 0.");
    }
    long span = step > 0 ? to - from : from - to;
    long count = span <= 0 ? 0 : (span - 1) / Math.abs(step) + 1;
    if (count > MAX_SIZE) {
      throw Failure.of("a range must have at most %,d numbers but has %,d.", MAX_SIZE, count);
    }
    size = (int) count;
  }

  @Override
  public Object get(int index) {
    return from + index * step;
  }

  @Override
  public int size() {
    return size;
  }

  String repr() {
    return step == 1
        ? "range(%d, %d)".formatted(from, to)
        : "range(%d, %d, %d)".formatted(from, to, step);
  }
}
