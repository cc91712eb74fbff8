package org.attune.data;

/**
 * Something that a user gave, such as an option, a setting or a name, cannot be used. The message
 * says what it was, the rule, and the way out.
 *
 * <p>What only a fault in a program can cause is a plain {@link IllegalArgumentException} instead.
 */
public final class InvalidInputException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public InvalidInputException(String message) {
    super(message);
  }

  public InvalidInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
