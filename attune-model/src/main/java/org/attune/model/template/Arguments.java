package org.attune.model.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands between the parentheses of a call.
 *
 * @param spread a list whose items follow the positional arguments ({@code *list})
 * @param named arguments with a name
 * @param spreadNamed a dictionary of further named arguments ({@code **dictionary})
 */
record Arguments(
    List<Expression> positional,
    List<Named> named,
    @Nullable Expression spread,
    @Nullable Expression spreadNamed) {
  static final Arguments NONE = new Arguments(List.of(), List.of(), null, null);

  record Named(String name, Expression value) {}

  static Arguments of(Expression only) {
    return new Arguments(List.of(only), List.of(), null, null);
  }

  boolean isEmpty() {
    return positional.isEmpty() && named.isEmpty() && spread == null && spreadNamed == null;
  }

  List<Expression> expressions() {
    List<Expression> all = new ArrayList<>(positional);
    named.forEach(argument -> all.add(argument.value()));
    if (spread != null) {
      all.add(spread);
    }
    if (spreadNamed != null) {
      all.add(spreadNamed);
    }
    return all;
  }
}
