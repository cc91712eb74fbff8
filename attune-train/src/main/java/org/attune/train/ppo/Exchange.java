package org.attune.train.ppo;

/**
 * A query and the response to it.
 *
 * @param query prompt token ids, at least one
 * @param response generated token ids, at least one
 */
record Exchange(int[] query, int[] response) {
  /** Tokens of both. */
  int length() {
    return query.length + response.length;
  }
}
