package org.attune.tensor;

/**
 * A tensor operation that cannot be done: arguments that do not fit, or a tensor used after its
 * scope.
 */
public class TensorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TensorException(String message) {
    super(message);
  }

  public TensorException(String message, Throwable cause) {
    super(message, cause);
  }
}
