package org.attune.feedback.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;

/** Items of a list that a server gives page by page; one page at a time is in memory. */
final class RecordPages<T> extends AbstractSpliterator<T> {

  private final LongFunction<Map<?, ?>> page;
  private final Function<Object, T> reader;
  private final Deque<T> ready = new ArrayDeque<>();
  private long asked;
  private boolean finished;

  /**
   * The items of all pages.
   *
   * @param page the answer that begins with the item of that number; the last one is empty
   */
  RecordPages(LongFunction<Map<?, ?>> page, Function<Object, T> reader) {
    super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
    this.page = page;
    this.reader = reader;
  }

  @Override
  public boolean tryAdvance(Consumer<? super T> action) {
    if (ready.isEmpty() && !finished) {
      List<?> items = Connection.items(page.apply(asked));
      items.forEach(item -> ready.add(reader.apply(item)));
      asked += items.size();
      finished = items.isEmpty();
    }
    T next = ready.poll();
    if (next == null) {
      return false;
    }
    action.accept(next);
    return true;
  }
}
