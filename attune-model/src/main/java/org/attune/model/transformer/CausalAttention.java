package org.attune.model.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Each token looks at itself and the tokens before it in its own sequence, as far back as the
 * layer's form reaches.
 *
 * <p>Neighbouring sequences of similar length form a block, which is laid out as {@code [S,
 * longest]} for the product alone. The causal mask keeps real queries from the filler behind a
 * sequence, and the filler's own results are dropped, so no other mask is needed and every filler
 * gradient is zero. Batches in order of length need few blocks and little filler.
 */
public final class CausalAttention implements Attention {
  /** A sequence joins a block where it is at least this share of the block's longest. */
  private static final double SIMILAR = 0.7;

  /** Filler costs less than another block's operations up to about this many positions. */
  private static final int NEGLIGIBLE = 256;

  private final List<Block> blocks;
  private final long[] blockTokens;

  /** Prepares for the sequences of {@code batch}; index tensors live in the current scope. */
  public CausalAttention(TokenBatch batch) {
    blocks = blocks(batch);
    blockTokens = blocks.stream().mapToLong(Block::tokens).toArray();
  }

  private static List<Block> blocks(TokenBatch batch) {
    List<Block> blocks = new ArrayList<>();
    int first = 0;
    int longest = batch.length(0);
    int shortest = longest;
    for (int s = 1; s < batch.sequences(); s++) {
      int length = batch.length(s);
      int longestWith = Math.max(longest, length);
      int shortestWith = Math.min(shortest, length);
      boolean similar = shortestWith >= SIMILAR * longestWith;
      boolean cheap = (s + 1 - first) * longestWith <= NEGLIGIBLE;
      if (similar || cheap) {
        longest = longestWith;
        shortest = shortestWith;
      } else {
        blocks.add(Block.of(batch, first, s, longest));
        first = s;
        longest = length;
        shortest = length;
      }
    }
    blocks.add(Block.of(batch, first, batch.sequences(), longest));
    return blocks;
  }

  @Override
  public Tensor attend(int layer, AttentionForm form, Tensor queries, Tensor keys, Tensor values) {
    if (blocks.size() == 1) {
      return blocks.get(0).attend(form, queries, keys, values);
    }
    List<Tensor> queriesOf = queries.split(0, blockTokens);
    List<Tensor> keysOf = keys.split(0, blockTokens);
    List<Tensor> valuesOf = values.split(0, blockTokens);
    List<Tensor> attended = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      attended.add(blocks.get(i).attend(form, queriesOf.get(i), keysOf.get(i), valuesOf.get(i)));
    }
    return Tensor.concatenated(attended, 0); // [N, H * D]
  }

  /**
   * Sequences that are computed together.
   *
   * @param toRows for each of S * longest places the token that stands there; null where all
   *     sequences are equally long
   * @param toTokens for each token its place; null likewise
   * @param masks of the forms that layers have asked with
   */
  private record Block(
      int tokens,
      int sequences,
      int longest,
      @Nullable Tensor toRows,
      @Nullable Tensor toTokens,
      Map<AttentionForm, Tensor> masks) {

    static Block of(TokenBatch batch, int from, int to, int longest) {
      int start = batch.start(from);
      int tokens = batch.start(to - 1) + batch.length(to - 1) - start;
      int sequences = to - from;
      if (sequences * longest == tokens) {
        return new Block(tokens, sequences, longest, null, null, new HashMap<>());
      }
      int[] rows = new int[sequences * longest]; // filler takes token 0: any finite value serves
      int[] places = new int[tokens];
      for (int s = 0; s < sequences; s++) {
        int first = batch.start(from + s) - start;
        for (int t = 0; t < batch.length(from + s); t++) {
          rows[s * longest + t] = first + t;
          places[first + t] = s * longest + t;
        }
      }
      return new Block(
          tokens,
          sequences,
          longest,
          Tensor.indices(rows),
          Tensor.indices(places),
          new HashMap<>());
    }

    Tensor attend(AttentionForm form, Tensor queries, Tensor keys, Tensor values) {
      long heads = queries.size(1);
      Tensor attended = // [S, H, L, D]
          weighted(form, laidOut(queries, heads), laidOut(keys, heads), laidOut(values, heads));
      long width = heads * queries.size(2);
      Tensor rows = attended.transposed(1, 2).reshaped((long) sequences * longest, width);
      return toTokens == null ? rows : rows.embedding(toTokens); // [tokens, H * D]
    }

    private Tensor weighted(AttentionForm form, Tensor queries, Tensor keys, Tensor values) {
      boolean seesAll = form.reach(longest) == longest;
      if (seesAll && form.softcap() == 0 && form.bias() == null) {
        return Tensor.causalAttention(queries, keys, values, form.scale());
      }
      Tensor mask = masks.computeIfAbsent(form, this::mask);
      return ScoredKeys.attend(form, queries, keys, values, mask);
    }

    /** The bias of keys in reach, −∞ for others: {@code [1 or H, L, L]}. */
    private Tensor mask(AttentionForm form) {
      float[] hidden = new float[longest * longest];
      for (int query = 0; query < longest; query++) {
        int first = query + 1 - form.reach(query + 1);
        int from = query * longest;
        Arrays.fill(hidden, from, from + first, Float.NEGATIVE_INFINITY);
        Arrays.fill(hidden, from + query + 1, from + longest, Float.NEGATIVE_INFINITY);
      }
      Tensor reach = Tensor.of(hidden, 1, longest, longest);
      PositionBias bias = form.bias();
      return bias == null ? reach : bias.between(0, longest, longest).plus(reach);
    }

    /** {@code [tokens, K, D]} to {@code [S, H, L, D]}, each of the K heads repeated H / K times. */
    private Tensor laidOut(Tensor tokensOf, long heads) {
      long own = tokensOf.size(1);
      long headSize = tokensOf.size(2);
      // embedding picks rows as indexSelect does, with a much faster backward pass
      Tensor rows =
          toRows == null ? tokensOf : tokensOf.reshaped(tokens, own * headSize).embedding(toRows);
      Tensor perHead = rows.reshaped(sequences, longest, own, headSize).transposed(1, 2);
      return own == heads ? perHead : repeated(perHead, heads);
    }

    /** Repeats each key head for the query heads that share it. */
    private static Tensor repeated(Tensor perHead, long heads) {
      long sequences = perHead.size(0);
      long own = perHead.size(1);
      long length = perHead.size(2);
      long headSize = perHead.size(3);
      return perHead
          .unsqueezed(2)
          .expanded(sequences, own, heads / own, length, headSize)
          .reshaped(sequences, heads, length, headSize);
    }
  }
}
