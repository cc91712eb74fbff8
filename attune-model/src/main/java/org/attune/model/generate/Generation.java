package org.attune.model.generate;

/**
 * What a model wrote for one prompt.
 *
 * @param tokens the new token ids, an ending token among them
 * @param reason why it ended
 */
public record Generation(int[] tokens, FinishReason reason) {
  /** Why a generation ended. */
  public enum FinishReason {
    /** An ending token or a stop string came. */
    STOP,
    /** The cap on new tokens, or the end of the context, was reached. */
    LENGTH
  }

  /** Whether the model ended by itself. */
  public boolean ended() {
    return reason == FinishReason.STOP;
  }
}
