package org.attune.model.generate;

import java.util.List;

/** The continuation of one request, which owns some rows of the batch that is computed together. */
interface Search {
  /**
   * A row of the next step.
   *
   * @param parent the row of this step whose past it continues; several may have the same
   * @param token the newest token
   * @param position where the token stands in its sequence
   */
  record Row(int parent, int token, int position) {}

  /**
   * Reads the logits of this request's rows.
   *
   * @param rows places of the rows in the batch: one after the prompt, then those of the last call,
   *     in order
   * @return the rows to compute next; none if the search has ended
   */
  List<Row> advance(Logits logits, int[] rows);

  /** What was written: for each sample one. */
  List<Generation> generations();

  /** The most tokens that any of its rows will add to the cache. */
  int further();

  /** The logits of a step, a row for each row of the batch. */
  record Logits(float[] values, int vocabularySize) {
    /** A copy of a row, to be changed. */
    float[] row(int row) {
      float[] copy = new float[vocabularySize];
      System.arraycopy(values, row * vocabularySize, copy, 0, vocabularySize);
      return copy;
    }
  }
}
