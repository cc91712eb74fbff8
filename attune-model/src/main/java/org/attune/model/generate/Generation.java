package org.attune.model.generate;

import java.util.OptionalDouble;

/**
 * What a model wrote for one prompt.
 *
 * @param tokens the new token ids, an ending token among them
 * @param reason why it ended
 * @param score of a beam: its log-probability / length^penalty; empty without beam search
 */
public record Generation(int[] tokens, FinishReason reason, OptionalDouble score) {
  /** Why a generation ended. */
  public enum FinishReason {
    /** An ending token or a stop string came. */
    STOP,
    /** The cap on new tokens, or the end of the context, was reached. */
    LENGTH,
    /** The listener wanted no more. */
    CANCELLED
  }

  /** What was written without beam search. */
  public Generation(int[] tokens, FinishReason reason) {
    this(tokens, reason, OptionalDouble.empty());
  }

  /** Whether the model ended by itself. */
  public boolean ended() {
    return reason == FinishReason.STOP;
  }
}
