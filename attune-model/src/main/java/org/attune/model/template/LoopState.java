package org.attune.model.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop}: where a loop stands. Called, a recursive loop goes a level deeper. */
final class LoopState implements Callable {
  /** Renders the loop once more, over other items. */
  interface Recursion {
    String render(Object items, long depth);
  }

  private final @Nullable Recursion recursion;
  private final long depth;
  private Iterator<Object> rest;
  private long length;
  private long index = -1;
  private @Nullable Object previous;
  private @Nullable Object current;
  private @Nullable Object following;
  private @Nullable Object lastChange;

  /**
   * @param length how many items there are, or negative to count them when asked
   */
  LoopState(Iterator<Object> items, long length, @Nullable Recursion recursion, long depth) {
    rest = items;
    this.length = length;
    this.recursion = recursion;
    this.depth = depth;
  }

  boolean hasNext() {
    return following != null || rest.hasNext();
  }

  Object next() {
    Object item = peek();
    if (item == null) {
      throw new Failure("the loop has no further item.");
    }
    following = null;
    index++;
    previous = current;
    current = item;
    return item;
  }

  private @Nullable Object peek() {
    if (following == null && rest.hasNext()) {
      following = rest.next();
    }
    return following;
  }

  long length() {
    if (length < 0) {
      List<Object> remaining = new ArrayList<>();
      rest.forEachRemaining(remaining::add);
      rest = remaining.iterator();
      length = remaining.size() + index + 1 + (following == null ? 0 : 1);
    }
    return length;
  }

  @Nullable Object attribute(String name) {
    return switch (name) {
      case "index0" -> index;
      case "index" -> index + 1;
      case "first" -> index == 0;
      case "last" -> peek() == null;
      case "length" -> length();
      case "revindex" -> length() - index;
      case "revindex0" -> length() - index - 1;
      case "depth0" -> depth;
      case "depth" -> depth + 1;
      case "previtem" -> orUndefined(previous, "there is no previous item.");
      case "nextitem" -> orUndefined(peek(), "there is no next item.");
      case "cycle" -> (Callable) this::cycle;
      case "changed" -> (Callable) this::changed;
      default -> null;
    };
  }

  private static Object orUndefined(@Nullable Object item, String reason) {
    return item == null ? new Undefined(reason) : item;
  }

  private Object cycle(CallArguments arguments) {
    List<Object> values = arguments.positional();
    if (values.isEmpty()) {
      throw new Failure("loop.cycle needs values.");
    }
    return values.get((int) (index % values.size()));
  }

  private Object changed(CallArguments arguments) {
    Tuple values = new Tuple(arguments.positional());
    boolean isChanged = lastChange == null || !Equality.of(lastChange, values);
    lastChange = values;
    return isChanged;
  }

  @Override
  public Object call(CallArguments arguments) {
    if (recursion == null) {
      throw new Failure("only a loop that is marked \"recursive\" can be called.");
    }
    return recursion.render(arguments.bind("loop", "iterable").get(0), depth + 1);
  }
}
