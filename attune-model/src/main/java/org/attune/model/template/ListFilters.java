package org.attune.model.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Filters over lists and dictionaries. */
final class ListFilters {
  static final Map<String, Filters.Filter> ALL =
      Map.ofEntries(
          Map.entry("batch", ListFilters::batch),
          Map.entry("count", (v, a, r) -> Items.length(v)),
          Map.entry("dictsort", ListFilters::sortedPairs),
          Map.entry("first", ListFilters::first),
          Map.entry("groupby", ListFilters::groupBy),
          Map.entry("items", (v, a, r) -> items(v)),
          Map.entry("last", ListFilters::last),
          Map.entry("length", (v, a, r) -> Items.length(v)),
          Map.entry("list", (v, a, r) -> new ArrayList<>(Items.list(v, r.budget()))),
          Map.entry("max", (v, a, r) -> extreme(v, a, r, 1)),
          Map.entry("min", (v, a, r) -> extreme(v, a, r, -1)),
          Map.entry("reverse", ListFilters::reverse),
          Map.entry("slice", ListFilters::slice),
          Map.entry("sort", ListFilters::sort),
          Map.entry("sum", ListFilters::sum),
          Map.entry("unique", ListFilters::unique));

  private ListFilters() {}

  private static Object batch(Object value, CallArguments arguments, Renderer renderer) {
    CallArguments.Bound bound = arguments.bind("batch", "linecount", "fill_with?");
    long size = Numbers.whole(bound.get(0), "batch");
    Object fill = bound.get(1, None.NONE);
    List<Object> batches = new ArrayList<>();
    List<Object> current = new ArrayList<>();
    for (Object item : Items.list(value, renderer.budget())) {
      if (current.size() == size) {
        batches.add(current);
        current = new ArrayList<>();
      }
      current.add(item);
    }
    if (!current.isEmpty()) {
      renderer.budget().size(size);
      while (fill != None.NONE && current.size() < size) {
        current.add(fill);
      }
      batches.add(current);
    }
    return new Generator(batches.iterator());
  }

  private static Object slice(Object value, CallArguments arguments, Renderer renderer) {
    CallArguments.Bound bound = arguments.bind("slice", "slices", "fill_with?");
    List<Object> items = Items.list(value, renderer.budget());
    long slices = Numbers.whole(bound.get(0), "slice");
    renderer.budget().size(slices);
    if (slices == 0) {
      throw new Failure("slice needs at least one slice.");
    }
    Object fill = bound.get(1, None.NONE);
    List<Object> result = new ArrayList<>();
    long each = Math.floorDiv(items.size(), slices);
    long longer = Math.floorMod(items.size(), slices);
    int from = 0;
    for (long i = 0; i < slices; i++) {
      int to = (int) (from + each + (i < longer ? 1 : 0));
      List<Object> part = new ArrayList<>(items.subList(from, to));
      if (fill != None.NONE && i >= longer) {
        part.add(fill);
      }
      result.add(part);
      from = to;
    }
    return new Generator(result.iterator());
  }

  private static Object first(Object value, CallArguments arguments, Renderer renderer) {
    arguments.bind("first");
    Iterator<Object> items = Items.iterator(value);
    return items.hasNext()
        ? items.next()
        : new Undefined("there is no first item: the sequence is empty.");
  }

  private static Object last(Object value, CallArguments arguments, Renderer renderer) {
    arguments.bind("last");
    if (value instanceof Generator) {
      throw new Failure("a generator has no last item. Use the filter list before.");
    }
    List<Object> items = Items.list(value, renderer.budget());
    return items.isEmpty()
        ? new Undefined("there is no last item: the sequence is empty.")
        : items.get(items.size() - 1);
  }

  private static Object items(Object value) {
    if (value instanceof Undefined) {
      return new Generator(Collections.emptyIterator());
    }
    if (!(value instanceof Dictionary dictionary)) {
      throw Failure.of("items needs a dictionary but got %s.", Kind.described(value));
    }
    return new Generator(dictionary.pairs().iterator());
  }

  private static Object reverse(Object value, CallArguments arguments, Renderer renderer) {
    arguments.bind("reverse");
    if (value instanceof String text) {
      return Items.slice(text, None.NONE, None.NONE, -1L);
    }
    List<Object> reversed = new ArrayList<>(Items.list(value, renderer.budget()));
    Collections.reverse(reversed);
    return value instanceof Generator || value instanceof Undefined
        ? reversed
        : new Generator(reversed.iterator());
  }

  /** What items are compared by: themselves or an attribute, texts in lower case unless asked. */
  private record SortKey(List<AttributePath> paths, boolean isCaseSensitive, Renderer renderer) {
    static SortKey of(Object attribute, boolean isCaseSensitive, Renderer renderer) {
      List<AttributePath> paths = new ArrayList<>();
      if (attribute instanceof String names) {
        for (String name : names.split(",", -1)) {
          paths.add(AttributePath.of(name));
        }
      } else if (attribute != None.NONE) {
        paths.add(AttributePath.of(attribute));
      }
      return new SortKey(paths, isCaseSensitive, renderer);
    }

    Object of(Object item) {
      if (paths.isEmpty()) {
        return folded(item);
      }
      if (paths.size() == 1) {
        return folded(paths.get(0).get(item, renderer));
      }
      List<Object> keys = new ArrayList<>();
      paths.forEach(path -> keys.add(folded(path.get(item, renderer))));
      return keys;
    }

    Object folded(Object key) {
      return !isCaseSensitive && key instanceof String text ? Case.lower(text) : key;
    }

    int compare(Object left, Object right) {
      renderer.budget().spend(1);
      return Equality.compare(of(left), of(right));
    }
  }

  /** Equal items keep their order, also when the order is reversed. */
  private static List<Object> sorted(
      List<Object> items, Comparator<Object> order, boolean isReverse) {
    List<Object> sorted = new ArrayList<>(items);
    sorted.sort(isReverse ? order.reversed() : order);
    return sorted;
  }

  private static Object sort(Object value, CallArguments arguments, Renderer renderer) {
    CallArguments.Bound bound = arguments.bind("sort", "reverse?", "case_sensitive?", "attribute?");
    SortKey key = SortKey.of(bound.get(2, None.NONE), bound.flag(1, false), renderer);
    return sorted(Items.list(value, renderer.budget()), key::compare, bound.flag(0, false));
  }

  private static Object sortedPairs(Object value, CallArguments arguments, Renderer renderer) {
    CallArguments.Bound bound = arguments.bind("dictsort", "case_sensitive?", "by?", "reverse?");
    String by = Text.required(bound.get(1, "key"), "dictsort");
    if (!by.equals("key") && !by.equals("value")) {
      throw Failure.of("dictsort sorts by \"key\" or \"value\" but was given \"%s\".", by);
    }
    if (value instanceof Undefined undefined) {
      throw new Failure(undefined.reason());
    }
    if (!(value instanceof Dictionary dictionary)) {
      throw Failure.of("dictsort needs a dictionary but got %s.", Kind.described(value));
    }
    long place = by.equals("key") ? 0 : 1;
    SortKey key = SortKey.of(place, bound.flag(0, false), renderer);
    return sorted(dictionary.pairs(), key::compare, bound.flag(2, false));
  }

  private static Object extreme(
      Object value, CallArguments arguments, Renderer renderer, int sign) {
    CallArguments.Bound bound = arguments.bind("max", "case_sensitive?", "attribute?");
    SortKey key = SortKey.of(bound.get(1, None.NONE), bound.flag(0, false), renderer);
    List<Object> items = Items.list(value, renderer.budget());
    if (items.isEmpty()) {
      return new Undefined("there is no item: the sequence is empty.");
    }
    Object best = items.get(0);
    for (Object item : items.subList(1, items.size())) {
      if (sign * key.compare(item, best) > 0) {
        best = item;
      }
    }
    return best;
  }

  private static Object sum(Object value, CallArguments arguments, Renderer renderer) {
    CallArguments.Bound bound = arguments.bind("sum", "attribute?", "start?");
    Object attribute = bound.get(0, None.NONE);
    Object sum = bound.get(1, 0L);
    for (Object item : Items.list(value, renderer.budget())) {
      Object term = attribute == None.NONE ? item : AttributePath.of(attribute).get(item, renderer);
      sum = Operations.binary("+", sum, term, renderer.budget());
    }
    return sum;
  }

  private static Object unique(Object value, CallArguments arguments, Renderer renderer) {
    CallArguments.Bound bound = arguments.bind("unique", "case_sensitive?", "attribute?");
    Object attribute = bound.get(1, None.NONE);
    SortKey key = SortKey.of(attribute, bound.flag(0, false), renderer);
    Set<Object> seen = new HashSet<>();
    List<Object> kept = new ArrayList<>();
    for (Object item : Items.list(value, renderer.budget())) {
      if (seen.add(Keys.normal(key.of(item)))) {
        kept.add(item);
      }
    }
    return new Generator(kept.iterator());
  }

  private static Object groupBy(Object value, CallArguments arguments, Renderer renderer) {
    CallArguments.Bound bound =
        arguments.bind("groupby", "attribute", "default?", "case_sensitive?");
    AttributePath path = AttributePath.of(bound.get(0));
    Object otherwise = bound.get(1, None.NONE);
    SortKey fold = SortKey.of(None.NONE, bound.flag(2, false), renderer);
    List<Object> items =
        sorted(
            Items.list(value, renderer.budget()),
            (a, b) ->
                Equality.compare(
                    fold.folded(path.get(a, otherwise, renderer)),
                    fold.folded(path.get(b, otherwise, renderer))),
            false);
    List<Object> groups = new ArrayList<>();
    List<Object> group = new ArrayList<>();
    for (Object item : items) {
      Object own = fold.folded(path.get(item, otherwise, renderer));
      if (!group.isEmpty()
          && !Equality.of(own, fold.folded(path.get(group.get(0), otherwise, renderer)))) {
        groups.add(Tuple.of(path.get(group.get(0), otherwise, renderer), group));
        group = new ArrayList<>();
      }
      group.add(item);
    }
    if (!group.isEmpty()) {
      groups.add(Tuple.of(path.get(group.get(0), otherwise, renderer), group));
    }
    return groups;
  }
}
