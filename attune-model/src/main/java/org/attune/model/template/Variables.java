package org.attune.model.template;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a template is given by name, and behind it what every template has. */
record Variables(Map<String, Object> given, Map<String, Object> builtIn) {
  @Nullable Object get(String name) {
    Object value = given.get(name);
    return value == null ? builtIn.get(name) : value;
  }
}
