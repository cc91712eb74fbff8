package org.attune.server.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What records must have to be found. */
public sealed interface Filter {

  Scope scope();

  /** One of these values. */
  record Terms(Scope scope, List<String> values) implements Filter {
    public Terms {
      values = List.copyOf(values);
    }
  }

  /** None of these values. */
  record Except(Scope scope, List<String> values) implements Filter {
    public Except {
      values = List.copyOf(values);
    }
  }

  /** A number within bounds, either of which may be left out. */
  record Range(Scope scope, @Nullable Double from, @Nullable Double to) implements Filter {}
}
