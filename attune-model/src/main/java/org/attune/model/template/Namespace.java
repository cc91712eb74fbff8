package org.attune.model.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The only thing that a template can change: what {@code namespace(…)} gives. */
final class Namespace {
  private final Map<String, Object> attributes = new HashMap<>();

  @Nullable Object get(String name) {
    return attributes.get(name);
  }

  void put(String name, Object value) {
    if (name.startsWith("_")) {
      throw Failure.of(
          "a namespace cannot have the attribute \"%s\"; rename it so that it does not begin with an underscore.",
          name);
    }
    attributes.put(name, value);
  }
}
