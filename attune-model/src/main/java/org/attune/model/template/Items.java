package org.attune.model.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Values that hold others. */
final class Items {
  private Items() {}

  /** What a loop over the value reads; fails for what has no items. */
  static Iterator<Object> iterator(Object value) {
    if (value instanceof Generator generator) {
      return generator.items();
    }
    return sized(value).iterator();
  }

  static boolean areIn(Object value) {
    return value instanceof Generator || isSized(value);
  }

  private static boolean isSized(Object value) {
    return value instanceof List
        || value instanceof Tuple
        || value instanceof Dictionary
        || value instanceof View
        || value instanceof String
        || value instanceof SafeText
        || value instanceof Undefined;
  }

  private static List<Object> sized(Object value) {
    if (value instanceof List<?> list) {
      return unchecked(list);
    }
    if (value instanceof Tuple tuple) {
      return tuple.items();
    }
    if (value instanceof Dictionary dictionary) {
      return dictionary.keys();
    }
    if (value instanceof View view) {
      return view.items();
    }
    if (value instanceof String || value instanceof SafeText) {
      List<Object> characters = new ArrayList<>();
      Text.of(value).codePoints().forEach(c -> characters.add(Character.toString(c)));
      return characters;
    }
    if (value instanceof Undefined) {
      return List.of();
    }
    throw Failure.of("%s has no items to go through.", Kind.described(value));
  }

  @SuppressWarnings("unchecked") // every list of a template holds values
  private static List<Object> unchecked(List<?> list) {
    return (List<Object>) list;
  }

  /** All items as a list, each paid for. */
  static List<Object> list(Object value, Budget budget) {
    if (!(value instanceof Generator)) {
      List<Object> items = sized(value);
      budget.size(items.size());
      return items;
    }
    List<Object> items = new ArrayList<>();
    for (Iterator<Object> each = iterator(value); each.hasNext(); ) {
      items.add(each.next());
      budget.spend(1);
      budget.length(items.size());
    }
    return items;
  }

  static long length(Object value) {
    if (value instanceof String text) {
      return text.codePointCount(0, text.length());
    }
    if (value instanceof Dictionary dictionary) {
      return dictionary.size();
    }
    if (value instanceof LoopState loop) {
      return loop.length();
    }
    if (!isSized(value)) {
      throw Failure.of("%s has no length.", Kind.described(value));
    }
    return sized(value).size();
  }

  static boolean contains(Object container, Object item, Budget budget) {
    if (container instanceof String || container instanceof SafeText) {
      if (item instanceof Undefined undefined) {
        throw new Failure(undefined.reason());
      }
      return Text.of(container).contains(Text.required(item, "\"in\" a string"));
    }
    if (container instanceof Dictionary dictionary) {
      return dictionary.has(item);
    }
    for (Iterator<Object> each = iterator(container); each.hasNext(); ) {
      budget.spend(1);
      Object candidate = each.next();
      if (candidate == item || Equality.of(candidate, item)) {
        return true;
      }
    }
    return false;
  }

  /** The items between two bounds, as Python's slice takes them; none of the bounds may be none. */
  static Object slice(Object value, Object from, Object to, Object step) {
    long stride = step == None.NONE ? 1 : Numbers.whole(step, "a slice");
    if (stride == 0) {
      throw new Failure("the step of a slice must not be 0.");
    }
    if (value instanceof String text) {
      int[] points = text.codePoints().toArray();
      StringBuilder result = new StringBuilder();
      for (int i : places(points.length, from, to, stride)) {
        result.appendCodePoint(points[i]);
      }
      return result.toString();
    }
    if (value instanceof Tuple tuple) {
      return new Tuple(picked(tuple.items(), from, to, stride));
    }
    if (value instanceof List<?> list) {
      return picked(unchecked(list), from, to, stride);
    }
    throw Failure.of("%s cannot be sliced.", Kind.described(value));
  }

  private static List<Object> picked(List<Object> items, Object from, Object to, long stride) {
    List<Object> result = new ArrayList<>();
    for (int i : places(items.size(), from, to, stride)) {
      result.add(items.get(i));
    }
    return result;
  }

  private static int[] places(int length, Object from, Object to, long stride) {
    boolean isForward = stride > 0;
    long first = bound(from, isForward ? 0 : length - 1, length, isForward);
    long last = bound(to, isForward ? length : -1, length, isForward);
    long span = isForward ? last - first : first - last;
    int count = span <= 0 ? 0 : (int) ((span - 1) / Math.abs(stride) + 1);
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      places[i] = (int) (first + i * stride);
    }
    return places;
  }

  private static long bound(Object given, long otherwise, int length, boolean isForward) {
    if (given == None.NONE) {
      return otherwise;
    }
    long bound = Numbers.whole(given, "a slice");
    if (bound < 0) {
      return Math.max(bound + length, isForward ? 0 : -1);
    }
    return Math.min(bound, isForward ? length : length - 1);
  }
}
