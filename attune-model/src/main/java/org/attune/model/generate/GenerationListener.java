package org.attune.model.generate;

/**
 * Is told what a model writes for one request as it comes, from the thread that computes it.
 * Requests that are continued together may be computed by different threads. Of a beam search the
 * listener hears the results at the end.
 */
public interface GenerationListener {
  /** Hears nothing. */
  GenerationListener NONE = new GenerationListener() {};

  /**
   * A new token.
   *
   * @param sample which of the request's samples, from 0
   * @return whether to go on with this sample
   */
  default boolean onToken(int sample, int token) {
    return true;
  }

  /**
   * A further piece of a sample's text: whole characters, without special tokens, and nothing that
   * may be the beginning of a stop string. All pieces together are the text, which ends before the
   * stop string.
   */
  default void onText(int sample, String piece) {}
}
