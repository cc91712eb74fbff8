package org.attune.model.template;

import java.util.List;

/** Whether two values are equal, and which comes first. */
final class Equality {
  private static final int MAX_DEPTH = 200;

  private Equality() {}

  static boolean of(Object left, Object right) {
    return equal(left, right, 0);
  }

  private static boolean equal(Object left, Object right, int depth) {
    if (depth > MAX_DEPTH) {
      throw Failure.of("values nested more than %d levels deep cannot be compared.", MAX_DEPTH);
    }
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return !Numbers.isNan(left) && !Numbers.isNan(right) && Numbers.compare(left, right) == 0;
    }
    if (left instanceof Undefined) {
      return right instanceof Undefined;
    }
    if (isText(left) && isText(right)) {
      return Text.of(left).equals(Text.of(right));
    }
    if (left instanceof List<?> a
        && right instanceof List<?> b
        && left instanceof Range == right instanceof Range) {
      return equalItems(a, b, depth);
    }
    if (left instanceof Tuple a && right instanceof Tuple b) {
      return equalItems(a.items(), b.items(), depth);
    }
    if (left instanceof Dictionary a && right instanceof Dictionary b) {
      if (a.size() != b.size()) {
        return false;
      }
      for (Dictionary.Entry entry : a.entries()) {
        Object other = b.get(entry.key());
        if (other == null || !equal(entry.value(), other, depth + 1)) {
          return false;
        }
      }
      return true;
    }
    if (left instanceof View && right instanceof View) {
      throw new Failure("views of dictionaries cannot be compared. Use the filter list.");
    }
    return left == right;
  }

  private static boolean equalItems(List<?> left, List<?> right, int depth) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      Object a = left.get(i);
      Object b = right.get(i);
      if (a != b && !equal(a, b, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isText(Object value) {
    return value instanceof String || value instanceof SafeText;
  }

  /** Negative, 0 or positive; fails for values that have no order. */
  static int compare(Object left, Object right) {
    return compare(left, right, 0);
  }

  private static int compare(Object left, Object right, int depth) {
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return Numbers.compare(left, right);
    }
    if (isText(left) && isText(right)) {
      return compareText(Text.of(left), Text.of(right));
    }
    if (left instanceof Tuple a && right instanceof Tuple b) {
      return compareItems(a.items(), b.items(), depth);
    }
    if (left instanceof List<?> a
        && right instanceof List<?> b
        && !(left instanceof Range)
        && !(right instanceof Range)) {
      return compareItems(a, b, depth);
    }
    if (left instanceof Undefined undefined) {
      throw new Failure(undefined.reason());
    }
    if (right instanceof Undefined undefined) {
      throw new Failure(undefined.reason());
    }
    throw Failure.of("%s and %s have no order.", Kind.described(left), Kind.described(right));
  }

  private static int compareItems(List<?> left, List<?> right, int depth) {
    if (depth > MAX_DEPTH) {
      throw Failure.of("values nested more than %d levels deep cannot be compared.", MAX_DEPTH);
    }
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      if (!equal(left.get(i), right.get(i), depth + 1)) {
        return compare(left.get(i), right.get(i), depth + 1);
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  /** By code points; Java's own order is by halves of them. */
  static int compareText(String left, String right) {
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean differs = Character.isSurrogate(a) != Character.isSurrogate(b);
        return differs ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
