package org.attune.model.template;

import java.util.List;
import java.util.Map;

/** The tests after {@code is}, by name. */
final class Tests {
  private interface Check {
    boolean passes(Object value, CallArguments arguments, Renderer renderer);
  }

  private static final Map<String, Check> TESTS =
      Map.ofEntries(
          Map.entry("!=", (v, a, r) -> !Equality.of(v, other(a))),
          Map.entry("<", (v, a, r) -> Operations.compare("<", v, other(a), r.budget())),
          Map.entry("<=", (v, a, r) -> Operations.compare("<=", v, other(a), r.budget())),
          Map.entry("==", (v, a, r) -> Equality.of(v, other(a))),
          Map.entry(">", (v, a, r) -> Operations.compare(">", v, other(a), r.budget())),
          Map.entry(">=", (v, a, r) -> Operations.compare(">=", v, other(a), r.budget())),
          Map.entry("boolean", (v, a, r) -> v instanceof Boolean),
          Map.entry("callable", (v, a, r) -> v instanceof Callable || v instanceof Undefined),
          Map.entry("defined", (v, a, r) -> !(v instanceof Undefined)),
          Map.entry("divisibleby", (v, a, r) -> remainderIs(v, other(a), 0, r)),
          Map.entry("eq", (v, a, r) -> Equality.of(v, other(a))),
          Map.entry("equalto", (v, a, r) -> Equality.of(v, other(a))),
          Map.entry("escaped", (v, a, r) -> v instanceof SafeText),
          Map.entry("even", (v, a, r) -> remainderIs(v, 2L, 0, r)),
          Map.entry("false", (v, a, r) -> Boolean.FALSE.equals(v)),
          Map.entry("filter", (v, a, r) -> v instanceof String name && Filters.isKnown(name)),
          Map.entry("float", (v, a, r) -> v instanceof Double),
          Map.entry("ge", (v, a, r) -> Operations.compare(">=", v, other(a), r.budget())),
          Map.entry("greaterthan", (v, a, r) -> Operations.compare(">", v, other(a), r.budget())),
          Map.entry("gt", (v, a, r) -> Operations.compare(">", v, other(a), r.budget())),
          Map.entry("in", (v, a, r) -> Items.contains(other(a), v, r.budget())),
          Map.entry("integer", (v, a, r) -> Numbers.isInteger(v) && !(v instanceof Boolean)),
          Map.entry("iterable", (v, a, r) -> Items.areIn(v) || v instanceof LoopState),
          Map.entry("le", (v, a, r) -> Operations.compare("<=", v, other(a), r.budget())),
          Map.entry("lessthan", (v, a, r) -> Operations.compare("<", v, other(a), r.budget())),
          Map.entry("lower", (v, a, r) -> Case.isLower(Text.of(v))),
          Map.entry("lt", (v, a, r) -> Operations.compare("<", v, other(a), r.budget())),
          Map.entry("mapping", (v, a, r) -> v instanceof Dictionary),
          Map.entry("ne", (v, a, r) -> !Equality.of(v, other(a))),
          Map.entry("none", (v, a, r) -> v == None.NONE),
          Map.entry("number", (v, a, r) -> Numbers.isNumber(v)),
          Map.entry("odd", (v, a, r) -> remainderIs(v, 2L, 1, r)),
          Map.entry("sameas", (v, a, r) -> isSame(v, other(a))),
          Map.entry("sequence", (v, a, r) -> isSequence(v)),
          Map.entry("string", (v, a, r) -> v instanceof String || v instanceof SafeText),
          Map.entry("test", (v, a, r) -> v instanceof String name && isKnown(name)),
          Map.entry("true", (v, a, r) -> Boolean.TRUE.equals(v)),
          Map.entry("undefined", (v, a, r) -> v instanceof Undefined),
          Map.entry("upper", (v, a, r) -> Case.isUpper(Text.of(v))));

  private Tests() {}

  static boolean isKnown(String name) {
    return TESTS.containsKey(name);
  }

  static List<String> names() {
    return TESTS.keySet().stream().sorted().toList();
  }

  static boolean check(String name, Object value, CallArguments arguments, Renderer renderer) {
    Check check = TESTS.get(name);
    if (check == null) {
      throw Failure.of("there is no test \"%s\".", name);
    }
    return check.passes(value, arguments, renderer);
  }

  private static Object other(CallArguments arguments) {
    return arguments.bind("the test", "other").get(0);
  }

  private static boolean remainderIs(Object value, Object divisor, long wanted, Renderer renderer) {
    Object remainder = Operations.binary("%", value, divisor, renderer.budget());
    return Equality.of(remainder, wanted);
  }

  private static boolean isSequence(Object value) {
    return value instanceof List
        || value instanceof Tuple
        || value instanceof String
        || value instanceof SafeText
        || value instanceof Dictionary
        || value instanceof Undefined;
  }

  private static boolean isSame(Object left, Object right) {
    boolean isByValue =
        left instanceof Boolean || left == None.NONE || !left.getClass().equals(right.getClass());
    if (isByValue) {
      return left.equals(right);
    }
    if (left instanceof String || left instanceof Number) {
      throw new Failure("the test sameas of texts and numbers is not supported. Use ==.");
    }
    return left == right;
  }
}
