package org.attune.model.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of a block that is being rendered. */
final class Frame {
  private final Scope scope;
  private final @Nullable Frame parent;

  /** By the scope's places; null where a variable holds nothing. */
  private final @Nullable Object[] values;

  private Frame(Scope scope, @Nullable Frame parent) {
    this.scope = scope;
    this.parent = parent;
    values = new @Nullable Object[scope.variables().size()];
  }

  /** Enters a block: each variable gets what its scope says it starts with. */
  static Frame enter(Scope scope, @Nullable Frame parent, Variables given) {
    Frame frame = new Frame(scope, parent);
    List<Map.Entry<String, Scope.Start>> variables = scope.variables();
    for (int i = 0; i < variables.size(); i++) {
      String name = variables.get(i).getKey();
      frame.values[i] =
          switch (variables.get(i).getValue()) {
            case PARAMETER, NOTHING -> null;
            case GIVEN -> given.get(name);
            case OUTER -> parent == null ? null : parent.find(name);
          };
    }
    return frame;
  }

  private @Nullable Object find(String name) {
    int slot = scope.slot(name);
    return slot >= 0 ? values[slot] : parent == null ? null : parent.find(name);
  }

  Object get(String name) {
    Object value = find(name);
    return value == null ? Undefined.named(name) : value;
  }

  void set(String name, Object value) {
    int slot = scope.slot(name);
    if (slot < 0) {
      throw Failure.of("\"%s\" is no variable of this block.", name);
    }
    values[slot] = value;
  }

  /** Whether a variable of this block holds anything. */
  boolean has(String name) {
    int slot = scope.slot(name);
    return slot >= 0 && values[slot] != null;
  }
}
