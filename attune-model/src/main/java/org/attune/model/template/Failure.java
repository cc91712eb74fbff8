package org.attune.model.template;

/** An operation on values fails; whoever knows the template's line turns it into an error. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  Failure(String reason) {
    super(reason, null, false, false);
  }

  static Failure of(String form, Object... arguments) {
    return new Failure(form.formatted(arguments));
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
