package org.attune.model.template;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code value.name} and {@code value[index]} give. */
final class Attributes {
  private static final Set<String> LIST_CHANGES =
      Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");
  private static final Set<String> DICTIONARY_CHANGES =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  /** What Python has and no chat template was seen to use. */
  private static final Set<String> OF_INTEGERS =
      Set.of(
          "as_integer_ratio",
          "bit_count",
          "bit_length",
          "conjugate",
          "denominator",
          "from_bytes",
          "imag",
          "numerator",
          "real",
          "to_bytes");

  private static final Set<String> OF_FLOATS =
      Set.of("as_integer_ratio", "conjugate", "fromhex", "hex", "imag", "is_integer", "real");

  private static final Set<String> OF_VIEWS = Set.of("isdisjoint", "mapping");
  private static final Set<String> OF_GENERATORS =
      Set.of("close", "gi_code", "gi_frame", "gi_running", "gi_yieldfrom", "send", "throw");
  private static final Set<String> OF_MACROS =
      Set.of("arguments", "caller", "catch_kwargs", "catch_varargs", "explicit_caller", "name");

  private Attributes() {}

  /** {@code object.name}: the attribute, or else the item of that name. */
  static Object attribute(Object object, String name, Budget budget) {
    Object found = own(object, name, budget);
    if (found != null) {
      return found;
    }
    if (object instanceof Dictionary dictionary) {
      Object value = dictionary.get(name);
      if (value != null) {
        return value;
      }
    }
    return Undefined.attribute(object, name);
  }

  /** {@code object[index]}: the item, or else the attribute of that name. */
  static Object item(Object object, Object index, Budget budget) {
    if (object instanceof Undefined undefined) {
      throw new Failure(undefined.reason());
    }
    Object item = itemOf(object, index);
    if (item != null) {
      return item;
    }
    if (index instanceof String name) {
      Object found = own(object, name, budget);
      if (found != null) {
        return found;
      }
    }
    return Undefined.attribute(object, index);
  }

  private static @Nullable Object itemOf(Object object, Object index) {
    if (object instanceof Dictionary dictionary) {
      boolean isKey =
          !(index instanceof List || index instanceof Dictionary || index instanceof Undefined);
      return isKey ? dictionary.get(index) : null;
    }
    if (!Numbers.isInteger(index) || index instanceof BigInteger) {
      return null;
    }
    long at = Numbers.whole(index, "an index");
    if (object instanceof String text) {
      int length = text.codePointCount(0, text.length());
      long place = at < 0 ? at + length : at;
      if (place < 0 || place >= length) {
        return null;
      }
      int from = text.offsetByCodePoints(0, (int) place);
      return Character.toString(text.codePointAt(from));
    }
    List<?> items =
        object instanceof Tuple tuple
            ? tuple.items()
            : object instanceof List<?> list ? list : List.of();
    long place = at < 0 ? at + items.size() : at;
    return place < 0 || place >= items.size() ? null : items.get((int) place);
  }

  /** An attribute that the value itself has; null if it has none of that name. */
  private static @Nullable Object own(Object object, String name, Budget budget) {
    if (object instanceof Undefined undefined) {
      throw new Failure(undefined.reason());
    }
    if (object instanceof Namespace namespace) {
      return namespace.get(name);
    }
    if (name.startsWith("__") && name.endsWith("__")) {
      return Undefined.unsafe(object, name);
    }
    if (object instanceof LoopState loop) {
      return loop.attribute(name);
    }
    if (object instanceof String text) {
      return StringMethods.find(text, name, budget);
    }
    if (object instanceof Dictionary dictionary) {
      return DICTIONARY_CHANGES.contains(name)
          ? Undefined.unsafe(object, name)
          : dictionaryMethod(dictionary, name);
    }
    if (object instanceof List || object instanceof Tuple) {
      boolean changes = object instanceof List && !(object instanceof Range);
      return changes && LIST_CHANGES.contains(name)
          ? Undefined.unsafe(object, name)
          : sequenceMethod(object, name, budget);
    }
    boolean isUnsupported =
        object instanceof SafeText
            || (object instanceof View && OF_VIEWS.contains(name))
            || (object instanceof Generator && OF_GENERATORS.contains(name))
            || (object instanceof Macro && OF_MACROS.contains(name))
            || (Numbers.isInteger(object) && OF_INTEGERS.contains(name))
            || (object instanceof Double && OF_FLOATS.contains(name));
    if (isUnsupported) {
      throw unsupported(object, name);
    }
    return null;
  }

  private static @Nullable Callable dictionaryMethod(Dictionary dictionary, String name) {
    return switch (name) {
      case "get" ->
          arguments -> {
            CallArguments.Bound bound = arguments.bind("get", "key", "default?");
            Object value = dictionary.get(bound.get(0));
            return value == null ? bound.get(1, None.NONE) : value;
          };
      case "keys" -> view("dict_keys", dictionary.keys());
      case "values" -> view("dict_values", dictionary.values());
      case "items" -> view("dict_items", dictionary.pairs());
      case "copy" ->
          arguments -> {
            arguments.bind("copy");
            return dictionary;
          };
      case "fromkeys" -> throw unsupported(dictionary, name);
      default -> null;
    };
  }

  private static Callable view(String name, List<Object> items) {
    return arguments -> {
      arguments.bind(name);
      return new View(name, items);
    };
  }

  private static @Nullable Object sequenceMethod(Object sequence, String name, Budget budget) {
    List<Object> items = Items.list(sequence, budget);
    return switch (name) {
      case "count" ->
          (Callable)
              arguments -> {
                Object wanted = arguments.bind("count", "value").get(0);
                budget.spend(items.size());
                return items.stream().filter(item -> Equality.of(item, wanted)).count();
              };
      case "index" ->
          (Callable)
              arguments -> {
                Object wanted = arguments.bind("index", "value").get(0);
                budget.spend(items.size());
                for (int i = 0; i < items.size(); i++) {
                  if (Equality.of(items.get(i), wanted)) {
                    return (long) i;
                  }
                }
                throw new Failure("index: the value is not in the list.");
              };
      case "copy" -> {
        if (sequence instanceof Tuple || sequence instanceof Range) {
          yield null;
        }
        yield (Callable) arguments -> items;
      }
      case "start", "stop", "step" -> {
        if (sequence instanceof Range) {
          throw unsupported(sequence, name);
        }
        yield null;
      }
      default -> null;
    };
  }

  static Failure unsupported(Object object, String name) {
    return Failure.of("the attribute \"%s\" of %s is not supported.", name, Kind.described(object));
  }
}
