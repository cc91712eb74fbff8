package org.attune.model.template;

import java.util.ArrayList;
import java.util.List;

/** The operators. */
final class Operations {
  private Operations() {}

  static Object binary(String operator, Object left, Object right, Budget budget) {
    refuse(left);
    if (operator.equals("%") && left instanceof String form) {
      return Format.percent(form, right, budget);
    }
    refuse(right);
    if (left instanceof SafeText || right instanceof SafeText) {
      return safeSum(operator, left, right, budget);
    }
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return Numbers.calculate(operator, left, right);
    }
    if (operator.equals("+")) {
      return sum(left, right, budget);
    }
    if (operator.equals("*")) {
      if (Numbers.isInteger(right) && !Numbers.isNumber(left)) {
        return repeated(left, right, budget);
      }
      if (Numbers.isInteger(left)) {
        return repeated(right, left, budget);
      }
    }
    throw unfit(operator, left, right);
  }

  private static void refuse(Object value) {
    if (value instanceof Undefined undefined) {
      throw new Failure(undefined.reason());
    }
  }

  /** What is added to safe text is escaped first. */
  private static Object safeSum(String operator, Object left, Object right, Budget budget) {
    boolean areTexts =
        (left instanceof String || left instanceof SafeText)
            && (right instanceof String || right instanceof SafeText);
    if (!operator.equals("+") || !areTexts) {
      throw Failure.of("the operator %s on text after safe or escape is not supported.", operator);
    }
    String text = TextFilters.escaped(left).text().concat(TextFilters.escaped(right).text());
    budget.size(text.length());
    return new SafeText(text);
  }

  private static Failure unfit(String operator, Object left, Object right) {
    return Failure.of(
        "%s and %s do not go with %s.", Kind.described(left), Kind.described(right), operator);
  }

  private static Object sum(Object left, Object right, Budget budget) {
    if (left instanceof String a && right instanceof String b) {
      budget.size((long) a.length() + b.length());
      return a.concat(b);
    }
    boolean areLists =
        left instanceof List
            && right instanceof List
            && !(left instanceof Range)
            && !(right instanceof Range);
    boolean areTuples = left instanceof Tuple && right instanceof Tuple;
    if (!areLists && !areTuples) {
      throw unfit("+", left, right);
    }
    List<Object> all = new ArrayList<>(Items.list(left, budget));
    all.addAll(Items.list(right, budget));
    budget.size(all.size());
    return areTuples ? new Tuple(all) : all;
  }

  private static Object repeated(Object value, Object times, Budget budget) {
    boolean isRepeatable =
        value instanceof String
            || value instanceof Tuple
            || (value instanceof List && !(value instanceof Range));
    if (!isRepeatable) {
      throw unfit("*", value, times);
    }
    long count = Math.max(0, Numbers.whole(times, "*"));
    if (value instanceof String text) {
      budget.size(multiplied(text.length(), count));
      return text.repeat(text.isEmpty() ? 0 : (int) count);
    }
    List<Object> items = Items.list(value, budget);
    budget.size(multiplied(items.size(), count));
    List<Object> all = new ArrayList<>();
    for (long i = 0; i < count && !items.isEmpty(); i++) {
      all.addAll(items);
    }
    return value instanceof Tuple ? new Tuple(all) : all;
  }

  private static long multiplied(long size, long count) {
    return size == 0 || count <= Long.MAX_VALUE / size ? size * count : Long.MAX_VALUE;
  }

  static boolean compare(String operator, Object left, Object right, Budget budget) {
    budget.spend(1);
    switch (operator) {
      case "==" -> {
        return Equality.of(left, right);
      }
      case "!=" -> {
        return !Equality.of(left, right);
      }
      case "in" -> {
        return Items.contains(right, left, budget);
      }
      case "not in" -> {
        return !Items.contains(right, left, budget);
      }
      default -> {}
    }
    if (Numbers.isNan(left) || Numbers.isNan(right)) {
      return false;
    }
    int order = Equality.compare(left, right);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }
}
