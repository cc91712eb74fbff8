package org.attune.model.template;

import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The functions that every chat template has. */
final class BuiltIns {
  private BuiltIns() {}

  static Map<String, Object> at(Clock clock, Budget budget) {
    return Map.of(
        "range", (Callable) BuiltIns::range,
        "dict", (Callable) arguments -> dictionary(arguments, budget),
        "namespace", (Callable) arguments -> namespace(arguments, budget),
        "joiner", (Callable) BuiltIns::joiner,
        "cycler", (Callable) arguments -> unsupported("cycler"),
        "lipsum", (Callable) arguments -> unsupported("lipsum"),
        "raise_exception", (Callable) BuiltIns::raise,
        "strftime_now",
            (Callable)
                arguments -> TimeText.of(clock, arguments.bind("strftime_now", "format").text(0)));
  }

  private static Object unsupported(String name) {
    throw Failure.of("the function %s is not supported.", name);
  }

  private static Object raise(CallArguments arguments) {
    throw new Failure(Text.of(arguments.bind("raise_exception", "message").get(0)));
  }

  private static Object range(CallArguments arguments) {
    List<Object> given = arguments.positional();
    arguments.bind("range", "start", "stop?", "step?");
    long first = Numbers.whole(given.get(0), "range");
    return switch (given.size()) {
      case 1 -> new Range(0, first, 1);
      case 2 -> new Range(first, Numbers.whole(given.get(1), "range"), 1);
      default ->
          new Range(
              first, Numbers.whole(given.get(1), "range"), Numbers.whole(given.get(2), "range"));
    };
  }

  private static Dictionary dictionary(CallArguments arguments, Budget budget) {
    Dictionary dictionary = new Dictionary();
    if (arguments.positional().size() > 1) {
      throw new Failure("dict takes one dictionary or list of pairs.");
    }
    for (Object given : arguments.positional()) {
      if (given instanceof Dictionary other) {
        other.entries().forEach(entry -> dictionary.put(entry.key(), entry.value()));
        continue;
      }
      for (Object pair : Items.list(given, budget)) {
        List<Object> parts = Items.list(pair, budget);
        if (parts.size() != 2) {
          throw new Failure("dict needs pairs of key and value.");
        }
        dictionary.put(parts.get(0), parts.get(1));
      }
    }
    arguments.named().forEach(dictionary::put);
    return dictionary;
  }

  private static Object namespace(CallArguments arguments, Budget budget) {
    Namespace namespace = new Namespace();
    for (Dictionary.Entry entry : dictionary(arguments, budget).entries()) {
      namespace.put(Text.required(entry.key(), "namespace"), entry.value());
    }
    return namespace;
  }

  private static Object joiner(CallArguments arguments) {
    Object separator = arguments.bind("joiner", "sep?").get(0, ", ");
    boolean[] used = new boolean[1];
    return (Callable)
        call -> {
          Object result = used[0] ? separator : "";
          used[0] = true;
          return result;
        };
  }
}
