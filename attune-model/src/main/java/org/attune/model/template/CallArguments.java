package org.attune.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values that a call gives. */
record CallArguments(List<Object> positional, Map<String, Object> named) {
  static final CallArguments NONE = new CallArguments(List.of(), Map.of());

  static CallArguments of(Object... values) {
    return new CallArguments(List.of(values), Map.of());
  }

  /**
   * Gives each argument to its parameter.
   *
   * @param parameters names in order; one that ends with ? may be left out
   */
  Bound bind(String function, String... parameters) {
    if (positional.size() > parameters.length) {
      throw Failure.of(
          "%s takes at most %d arguments but was given %d.",
          function, parameters.length, positional.size());
    }
    Map<String, Object> rest = new LinkedHashMap<>(named);
    @Nullable Object[] values = new @Nullable Object[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      boolean isOptional = parameters[i].endsWith("?");
      String name =
          isOptional ? parameters[i].substring(0, parameters[i].length() - 1) : parameters[i];
      Object given = rest.remove(name);
      if (i < positional.size()) {
        if (given != null) {
          throw Failure.of("%s is given \"%s\" twice.", function, name);
        }
        given = positional.get(i);
      }
      if (given == null && !isOptional) {
        throw Failure.of("%s needs the argument \"%s\".", function, name);
      }
      values[i] = given;
    }
    if (!rest.isEmpty()) {
      throw Failure.of("%s has no parameter \"%s\".", function, rest.keySet().iterator().next());
    }
    return new Bound(function, values);
  }

  /** All but the first positional argument. */
  CallArguments rest() {
    return new CallArguments(positional.subList(1, positional.size()), named);
  }

  CallArguments with(Object first) {
    List<Object> all = new ArrayList<>();
    all.add(first);
    all.addAll(positional);
    return new CallArguments(all, named);
  }

  /** The arguments of a function by the place of its parameters. */
  record Bound(String function, @Nullable Object[] values) {
    boolean has(int place) {
      return values[place] != null;
    }

    Object get(int place) {
      Object value = values[place];
      if (value == null) {
        throw Failure.of("%s needs argument %d.", function, place + 1);
      }
      return value;
    }

    Object get(int place, Object otherwise) {
      Object value = values[place];
      return value == null ? otherwise : value;
    }

    String text(int place) {
      return Text.required(get(place), function);
    }

    long whole(int place, long otherwise) {
      return Numbers.whole(get(place, otherwise), function);
    }

    boolean flag(int place, boolean otherwise) {
      return Truth.of(get(place, otherwise));
    }
  }
}
