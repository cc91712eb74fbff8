package org.attune.model.template;

import java.util.List;

/** A list of values that Python prints with round brackets. */
record Tuple(List<Object> items) {
  Tuple {
    items = List.copyOf(items);
  }

  static Tuple of(Object... items) {
    return new Tuple(List.of(items));
  }
}
