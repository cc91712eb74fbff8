package org.attune.model.generate;

/** Logits from which no token can be chosen. */
public final class NonFiniteLogitsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NonFiniteLogitsException(String message) {
    super(message);
  }

  static void requireFinite(float[] logits) {
    for (int id = 0; id < logits.length; id++) {
      if (!Float.isFinite(logits[id])) {
        throw new NonFiniteLogitsException(
            ("The model gave the logit %s for token %d; logits must be finite. Its weights have"
                    + " diverged or are damaged: use an earlier checkpoint, or train with a lower"
                    + " learning rate.")
                .formatted(logits[id], id));
      }
    }
  }
}
