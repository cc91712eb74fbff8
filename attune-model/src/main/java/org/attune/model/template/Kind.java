package org.attune.model.template;

import java.math.BigInteger;
import java.util.List;

/** What kind of value something is, in Python's words. */
final class Kind {
  private Kind() {}

  static String of(Object value) {
    if (value instanceof String || value instanceof SafeText) {
      return "str";
    }
    if (value instanceof Boolean) {
      return "bool";
    }
    if (value instanceof Long || value instanceof BigInteger) {
      return "int";
    }
    if (value instanceof Double) {
      return "float";
    }
    if (value instanceof Range) {
      return "range";
    }
    if (value instanceof List) {
      return "list";
    }
    if (value instanceof Dictionary) {
      return "dict";
    }
    if (value instanceof Tuple) {
      return "tuple";
    }
    if (value instanceof View view) {
      return view.name();
    }
    if (value == None.NONE) {
      return "NoneType";
    }
    if (value instanceof Generator) {
      return "generator";
    }
    if (value instanceof Namespace) {
      return "Namespace";
    }
    if (value instanceof Undefined) {
      return "Undefined";
    }
    return value instanceof Macro ? "Macro" : "function";
  }

  /** A value as an error message names it. */
  static String described(Object value) {
    return switch (of(value)) {
      case "str" -> "a string";
      case "bool" -> "a boolean";
      case "int" -> "an integer";
      case "float" -> "a float";
      case "list" -> "a list";
      case "dict" -> "a dictionary";
      case "tuple" -> "a tuple";
      case "NoneType" -> "none";
      case "Undefined" -> "an undefined value";
      default -> "a " + of(value);
    };
  }
}
