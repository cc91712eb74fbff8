package org.attune.model.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The sequences of a batch in blocks of neighbours of similar length, each laid out as {@code [S,
 * longest]} for the product of attention alone.
 *
 * <p>Places behind a shorter sequence hold filler. Its own results are dropped; real queries must
 * not look at it. Batches in order of length need few blocks and little filler.
 */
final class SequenceBlocks {
  /** A sequence joins a block where it is at least this share of the block's longest. */
  private static final double SIMILAR = 0.7;

  /** Filler costs less than another block's operations up to about this many positions. */
  private static final int NEGLIGIBLE = 256;

  private final List<Block> blocks;
  private final long[] blockTokens;

  /** Attention of one block's laid-out sequences. */
  @FunctionalInterface
  interface Product {
    /**
     * The weighted values of every query.
     *
     * @param queries {@code [S, H, L, D]}
     * @param keys {@code [S, H, L, D]}
     * @param values {@code [S, H, L, D]}
     * @return {@code [S, H, L, D]}
     */
    Tensor of(Block block, Tensor queries, Tensor keys, Tensor values);
  }

  /** Prepares for the sequences of {@code batch}; index tensors live in the current scope. */
  SequenceBlocks(TokenBatch batch) {
    blocks = ranges(batch).stream().map(range -> new Block(batch, range[0], range[1])).toList();
    blockTokens = blocks.stream().mapToLong(block -> block.tokens).toArray();
  }

  /**
   * Where batches that belong together, sequence by sequence, are cut.
   *
   * @return for each block its first sequence and the one behind its last
   */
  static List<int[]> ranges(TokenBatch... batches) {
    List<int[]> ranges = new ArrayList<>();
    int first = 0;
    int[] shortest = new int[batches.length];
    int[] longest = new int[batches.length];
    for (int s = 0; s < batches[0].sequences(); s++) {
      boolean fits = true;
      for (int b = 0; b < batches.length && s > first; b++) {
        int length = batches[b].length(s);
        int longestWith = Math.max(longest[b], length);
        boolean similar = Math.min(shortest[b], length) >= SIMILAR * longestWith;
        boolean cheap = (s + 1 - first) * longestWith <= NEGLIGIBLE;
        fits &= similar || cheap;
      }
      if (!fits) {
        ranges.add(new int[] {first, s});
        first = s;
      }
      for (int b = 0; b < batches.length; b++) {
        int length = batches[b].length(s);
        shortest[b] = s == first ? length : Math.min(shortest[b], length);
        longest[b] = s == first ? length : Math.max(longest[b], length);
      }
    }
    ranges.add(new int[] {first, batches[0].sequences()});
    return ranges;
  }

  /**
   * Attention of all tokens.
   *
   * @param queries {@code [N, H, D]}
   * @param keys {@code [N, K, D]}
   * @param values {@code [N, K, D]}
   * @return {@code [N, H · D]}
   */
  Tensor attend(Tensor queries, Tensor keys, Tensor values, Product product) {
    if (blocks.size() == 1) {
      return blocks.get(0).attend(queries, keys, values, product);
    }
    List<Tensor> queriesOf = queries.split(0, blockTokens);
    List<Tensor> keysOf = keys.split(0, blockTokens);
    List<Tensor> valuesOf = values.split(0, blockTokens);
    List<Tensor> attended = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      attended.add(blocks.get(i).attend(queriesOf.get(i), keysOf.get(i), valuesOf.get(i), product));
    }
    return Tensor.concatenated(attended, 0); // [N, H * D]
  }

  /** Sequences that are computed together. */
  static final class Block {
    private final int start;
    private final int[] lengths;
    private final int tokens;
    private final int longest;
    // for each of S * longest places the token that stands there; null where all are equally long
    private final @Nullable Tensor toRows;
    private final @Nullable Tensor toTokens; // for each token its place; null likewise

    /** The sequences {@code from} to before {@code to}; index tensors live in the current scope. */
    Block(TokenBatch batch, int from, int to) {
      longest = IntStream.range(from, to).map(batch::length).max().orElseThrow();
      start = batch.start(from);
      tokens = batch.start(to - 1) + batch.length(to - 1) - start;
      lengths = new int[to - from];
      int[] rows =
          new int[lengths.length * longest]; // filler takes token 0: any finite value serves
      int[] places = new int[tokens];
      for (int s = 0; s < lengths.length; s++) {
        lengths[s] = batch.length(from + s);
        int first = batch.start(from + s) - start;
        for (int t = 0; t < lengths[s]; t++) {
          rows[s * longest + t] = first + t;
          places[first + t] = s * longest + t;
        }
      }
      boolean withFiller = tokens != rows.length;
      toRows = withFiller ? Tensor.indices(rows) : null;
      toTokens = withFiller ? Tensor.indices(places) : null;
    }

    /** S. */
    int sequences() {
      return lengths.length;
    }

    /** The tokens of a sequence; what is laid out behind them is filler. */
    int length(int sequence) {
      return lengths[sequence];
    }

    /** The number of tokens of all sequences, without filler. */
    int tokens() {
      return tokens;
    }

    /** The index of a sequence's first token in the batch. */
    int firstToken(int sequence) {
      int first = start;
      for (int s = 0; s < sequence; s++) {
        first += lengths[s];
      }
      return first;
    }

    /** L. */
    int longest() {
      return longest;
    }

    boolean hasFiller() {
      return toRows != null;
    }

    private Tensor attend(Tensor queries, Tensor keys, Tensor values, Product product) {
      long heads = queries.size(1);
      return inOrder(
          product.of(this, laidOut(queries, heads), laidOut(keys, heads), laidOut(values, heads)));
    }

    /** What was attended, {@code [S, H, L, D]} to {@code [tokens, H * D]}. */
    Tensor inOrder(Tensor attended) {
      long width = attended.size(1) * attended.size(3);
      Tensor rows = attended.transposed(1, 2).reshaped((long) sequences() * longest, width);
      return toTokens == null ? rows : rows.embedding(toTokens);
    }

    /** −∞ for filler keys: {@code [S, 1, 1, L]}. */
    Tensor hiddenFiller() {
      float[] hidden = new float[sequences() * longest];
      for (int s = 0; s < sequences(); s++) {
        int from = s * longest;
        Arrays.fill(hidden, from + length(s), from + longest, Float.NEGATIVE_INFINITY);
      }
      return Tensor.of(hidden, sequences(), 1, 1, longest);
    }

    /** {@code [tokens, K, D]} to {@code [S, H, L, D]}, each of the K heads repeated H / K times. */
    Tensor laidOut(Tensor tokensOf, long heads) {
      long own = tokensOf.size(1);
      long headSize = tokensOf.size(2);
      // embedding picks rows as indexSelect does, with a much faster backward pass
      Tensor rows =
          toRows == null ? tokensOf : tokensOf.reshaped(tokens, own * headSize).embedding(toRows);
      Tensor perHead = rows.reshaped(sequences(), longest, own, headSize).transposed(1, 2);
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
