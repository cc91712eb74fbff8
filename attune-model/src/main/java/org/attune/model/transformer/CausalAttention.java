package org.attune.model.transformer;

import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Each token looks at itself and the tokens before it in its own sequence.
 *
 * <p>Sequences of different lengths are laid out as {@code [S, longest]} for the product alone. The
 * causal mask keeps real queries from the filler behind a sequence, and the filler's own results
 * are dropped, so no other mask is needed and every filler gradient is zero.
 */
public final class CausalAttention implements Attention {
  private final int sequences;
  private final int longest;
  private final @Nullable Tensor toRows;
  private final @Nullable Tensor toTokens;

  /** Prepares for the sequences of {@code batch}; index tensors live in the current scope. */
  public CausalAttention(TokenBatch batch) {
    sequences = batch.sequences();
    longest = batch.longest();
    if (sequences * longest == batch.tokens()) {
      toRows = null;
      toTokens = null;
      return;
    }
    int[] rows = new int[sequences * longest]; // filler takes token 0: any finite value serves
    int[] tokens = new int[batch.tokens()];
    for (int s = 0; s < sequences; s++) {
      for (int t = 0; t < batch.length(s); t++) {
        rows[s * longest + t] = batch.start(s) + t;
        tokens[batch.start(s) + t] = s * longest + t;
      }
    }
    toRows = Tensor.indices(rows);
    toTokens = Tensor.indices(tokens);
  }

  @Override
  public Tensor attend(int layer, Tensor queries, Tensor keys, Tensor values) {
    long heads = queries.size(1);
    Tensor attended = // [S, H, L, D]
        Tensor.causalAttention(
            laidOut(queries, heads), laidOut(keys, heads), laidOut(values, heads));
    long width = heads * queries.size(2);
    Tensor rows = attended.transposed(1, 2).reshaped((long) sequences * longest, width);
    return toTokens == null ? rows : rows.embedding(toTokens); // [N, H * D]
  }

  /** {@code [N, K, D]} to {@code [S, H, L, D]}, each of the K heads repeated H / K times. */
  private Tensor laidOut(Tensor tokens, long heads) {
    long own = tokens.size(1);
    long headSize = tokens.size(2);
    // embedding picks rows as indexSelect does, with a much faster backward pass
    Tensor rows =
        toRows == null ? tokens : tokens.reshaped(tokens.size(0), own * headSize).embedding(toRows);
    Tensor perHead = rows.view(sequences, longest, own, headSize).transposed(1, 2);
    return repeated(perHead, heads);
  }

  /**
   * Repeats each key head for the query heads that share it: {@code [S, K, L, D]} to {@code [S, H,
   * L, D]}.
   */
  static Tensor repeated(Tensor perHead, long heads) {
    long own = perHead.size(1);
    if (own == heads) {
      return perHead;
    }
    long sequences = perHead.size(0);
    long length = perHead.size(2);
    long headSize = perHead.size(3);
    return perHead
        .unsqueezed(2)
        .expanded(sequences, own, heads / own, length, headSize)
        .reshaped(sequences, heads, length, headSize);
  }
}
