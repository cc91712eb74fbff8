package org.attune.train.ppo;

/**
 * A query and the response to it.
 *
 * @param query prompt token ids, at least one
 * @param response generated token ids, at least one
 */
record Exchange(int[] query, int[] response) {
  /** Query and response as one sequence. */
  int[] ids() {
    int[] ids = new int[query.length + response.length];
    System.arraycopy(query, 0, ids, 0, query.length);
    System.arraycopy(response, 0, ids, query.length, response.length);
    return ids;
  }

  int length() {
    return query.length + response.length;
  }
}
