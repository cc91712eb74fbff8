package org.attune.model.transformer;

import java.util.Arrays;
import java.util.List;
import org.attune.tensor.Tensor;

/**
 * Sequences of token ids one behind another, without padding.
 *
 * <p>S sequences hold N tokens in all. Everything that works on tokens one by one (embeddings,
 * linear layers, norms, losses) sees {@code [N, C]}; only {@link Attention} knows where sequences
 * begin. Batching many short sequences is therefore the same as packing them, and no work is done
 * on padding.
 */
public final class TokenBatch {
  private final int[] ids;
  private final int[] positions;
  private final int[] starts;

  private TokenBatch(int[] ids, int[] positions, int[] starts) {
    this.ids = ids;
    this.positions = positions;
    this.starts = starts;
  }

  /**
   * A batch of whole sequences, each counting its positions from 0.
   *
   * @throws IllegalArgumentException if there is no sequence, or one is empty
   */
  public static TokenBatch of(List<int[]> sequences) {
    int[] starts = new int[sequences.size() + 1];
    for (int i = 0; i < sequences.size(); i++) {
      if (sequences.get(i).length == 0) {
        throw new IllegalArgumentException("Sequence " + i + " has no tokens; leave it out.");
      }
      starts[i + 1] = starts[i] + sequences.get(i).length;
    }
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("A batch needs at least one sequence.");
    }
    int[] ids = new int[starts[sequences.size()]];
    int[] positions = new int[ids.length];
    for (int i = 0; i < sequences.size(); i++) {
      int[] sequence = sequences.get(i);
      System.arraycopy(sequence, 0, ids, starts[i], sequence.length);
      for (int t = 0; t < sequence.length; t++) {
        positions[starts[i] + t] = t;
      }
    }
    return new TokenBatch(ids, positions, starts);
  }

  /** One further token of each sequence, at the given positions. */
  public static TokenBatch next(int[] ids, int[] positions) {
    int[] starts = new int[ids.length + 1];
    Arrays.setAll(starts, i -> i);
    return new TokenBatch(ids, positions, starts);
  }

  /** S, the number of sequences. */
  public int sequences() {
    return starts.length - 1;
  }

  /** N, the number of tokens. */
  public int tokens() {
    return ids.length;
  }

  /** The index of the first token of a sequence. */
  public int start(int sequence) {
    return starts[sequence];
  }

  public int length(int sequence) {
    return starts[sequence + 1] - starts[sequence];
  }

  /** The number of tokens of the longest sequence. */
  public int longest() {
    int longest = 0;
    for (int i = 0; i < sequences(); i++) {
      longest = Math.max(longest, length(i));
    }
    return longest;
  }

  public int id(int token) {
    return ids[token];
  }

  /** The position of a token in its sequence. */
  public int position(int token) {
    return positions[token];
  }

  /** Token ids, int64 {@code [N]}. */
  public Tensor ids() {
    return Tensor.of(ids, ids.length);
  }

  /** Position of each token in its sequence, int64 {@code [N]}. */
  public Tensor positions() {
    return Tensor.of(positions, positions.length);
  }
}
