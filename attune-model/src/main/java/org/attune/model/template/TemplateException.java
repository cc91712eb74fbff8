package org.attune.model.template;

/**
 * A chat template is malformed, refuses its messages, or asks for what cannot be done. The message
 * names the template's line.
 */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int line;
  private final String reason;

  private TemplateException(String message, int line, String reason) {
    super(message);
    this.line = line;
    this.reason = reason;
  }

  static TemplateException at(int line, String reason) {
    return new TemplateException(
        "The chat template fails at line %d: %s".formatted(line, reason), line, reason);
  }

  /** A failure of the whole template, at no line of it. */
  static TemplateException of(String reason) {
    return new TemplateException(reason, 0, reason);
  }

  /** The template's line, from 1; 0 if the failure is of the whole template. */
  public int line() {
    return line;
  }

  /** What failed, without the place; for a template's own refusal, its words. */
  public String reason() {
    return reason;
  }
}
