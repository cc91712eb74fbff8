package org.attune.model.template;

import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Filters that change or choose the items of a list, one when it is asked for. */
final class SelectFilters {
  static final Map<String, Filters.Filter> ALL =
      Map.of(
          "map", SelectFilters::map,
          "select", (v, a, r) -> choose(v, a, r, false, true),
          "reject", (v, a, r) -> choose(v, a, r, false, false),
          "selectattr", (v, a, r) -> choose(v, a, r, true, true),
          "rejectattr", (v, a, r) -> choose(v, a, r, true, false));

  private SelectFilters() {}

  private static Object map(Object value, CallArguments arguments, Renderer renderer) {
    if (!Truth.of(value)) {
      return new Generator(Collections.emptyIterator());
    }
    UnaryOperator<Object> change;
    if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
      CallArguments.Bound bound = arguments.bind("map", "attribute", "default?");
      AttributePath path = AttributePath.of(bound.get(0));
      Object otherwise = bound.get(1, None.NONE);
      change = item -> path.get(item, otherwise, renderer);
    } else if (arguments.positional().isEmpty()) {
      throw new Failure("map needs the name of a filter, or attribute.");
    } else {
      String name = Text.required(arguments.positional().get(0), "map");
      CallArguments rest = arguments.rest();
      change = item -> Filters.apply(name, item, rest, renderer);
    }
    Iterator<Object> items = Items.iterator(value);
    return new Generator(
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return items.hasNext();
          }

          @Override
          public Object next() {
            renderer.budget().spend(1);
            return change.apply(items.next());
          }
        });
  }

  private static Object choose(
      Object value,
      CallArguments arguments,
      Renderer renderer,
      boolean byAttribute,
      boolean chosen) {
    if (!Truth.of(value)) {
      return new Generator(Collections.emptyIterator());
    }
    CallArguments rest = arguments;
    UnaryOperator<Object> part = item -> item;
    if (byAttribute) {
      if (arguments.positional().isEmpty()) {
        throw new Failure("selectattr and rejectattr need the name of an attribute.");
      }
      AttributePath path = AttributePath.of(arguments.positional().get(0));
      part = item -> path.get(item, renderer);
      rest = arguments.rest();
    }
    Predicate<Object> test = Truth::of;
    if (!rest.positional().isEmpty()) {
      String name = Text.required(rest.positional().get(0), "select");
      CallArguments testArguments = rest.rest();
      test = item -> Tests.check(name, item, testArguments, renderer);
    }
    UnaryOperator<Object> tested = part;
    Predicate<Object> decides = test;
    return new Generator(
        new Chosen(
            Items.iterator(value),
            item -> {
              renderer.budget().spend(1);
              return decides.test(tested.apply(item)) == chosen;
            }));
  }

  /** Those items that pass a test, which is asked no sooner than needed. */
  static final class Chosen implements Iterator<Object> {
    private final Iterator<Object> items;
    private final Predicate<Object> test;
    private @Nullable Object ahead;

    Chosen(Iterator<Object> items, Predicate<Object> test) {
      this.items = items;
      this.test = test;
    }

    @Override
    public boolean hasNext() {
      while (ahead == null && items.hasNext()) {
        Object item = items.next();
        ahead = test.test(item) ? item : null;
      }
      return ahead != null;
    }

    @Override
    public Object next() {
      if (!hasNext() || ahead == null) {
        throw new NoSuchElementException("no item is left");
      }
      Object item = ahead;
      ahead = null;
      return item;
    }
  }
}
