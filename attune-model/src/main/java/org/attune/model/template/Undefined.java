package org.attune.model.template;

/**
 * What a name, attribute or item gives that does not exist. It prints as nothing and counts as
 * false and as empty; anything else done with it fails.
 *
 * @param reason why it does not exist, for the error
 */
record Undefined(String reason) {
  static Undefined named(String name) {
    return new Undefined("\"" + name + "\" is undefined.");
  }

  static Undefined attribute(Object object, Object name) {
    return new Undefined(
        "%s has no attribute or item \"%s\"."
            .formatted(Kind.described(object), name instanceof String s ? s : Text.repr(name)));
  }

  static Undefined unsafe(Object object, String name) {
    return new Undefined(
        "a template may not use the attribute \"%s\" of %s."
            .formatted(name, Kind.described(object)));
  }
}
