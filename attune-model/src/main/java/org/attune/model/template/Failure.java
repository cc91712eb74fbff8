package org.attune.model.template;

/** An operation on values fails; whoever knows the template's line turns it into an error. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  Failure(String reason) {
    super(reason, null, false, false);
  }

  // the annotation that the check asks for would be a library for one method
  @SuppressWarnings("AnnotateFormatMethod")
  static Failure of(String form, Object... arguments) {
    return new Failure(form.formatted(arguments));
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
