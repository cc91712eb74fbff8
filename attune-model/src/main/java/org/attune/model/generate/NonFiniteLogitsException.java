package org.attune.model.generate;

/** Logits from which no token can be chosen. */
public final class NonFiniteLogitsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NonFiniteLogitsException(String message) {
    super(message);
  }
}
