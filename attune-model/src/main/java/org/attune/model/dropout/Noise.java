package org.attune.model.dropout;

import java.nio.ByteBuffer;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What one training pass draws its masks from: a key for each token, and one for each sequence.
 *
 * <p>A mask depends on the keys and on the place in the model that asks for it, not on what else is
 * in the batch, on the order of calls or on the thread. The same pass, done again, drops the same.
 */
public final class Noise {
  private final long[] tokens;
  private final long[] sequences;
  private final @Nullable Double rate;

  private Noise(long[] tokens, long[] sequences, @Nullable Double rate) {
    this.tokens = tokens;
    this.sequences = sequences;
    this.rate = rate;
  }

  /**
   * Noise for sequences that lie one behind another.
   *
   * @param starts the index of each sequence's first token, and behind them the number of tokens
   */
  public static Noise of(DropoutSeeds seeds, int[] starts) {
    int count = starts.length - 1;
    if (seeds.ofSequences().size() != count) {
      throw new IllegalArgumentException(
          "%d seeds do not fit %d sequences.".formatted(seeds.ofSequences().size(), count));
    }
    long[] sequences = seeds.ofSequences().stream().mapToLong(Long::longValue).toArray();
    long[] tokens = new long[starts[count]];
    for (int s = 0; s < count; s++) {
      for (int t = starts[s]; t < starts[s + 1]; t++) {
        tokens[t] = RandomBits.key(sequences[s], t - starts[s]);
      }
    }
    return new Noise(tokens, sequences, seeds.rate());
  }

  /** The noise of some tokens alone. */
  public Noise ofTokens(int[] chosen) {
    long[] keys = new long[chosen.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = tokens[chosen[i]];
    }
    return new Noise(keys, sequences, rate);
  }

  /**
   * The rate at a place of the model itself.
   *
   * @param configured what its configuration says; null where the family drops nothing
   */
  public double rate(@Nullable Double configured) {
    if (configured == null) {
      return 0;
    }
    return rate == null ? configured : rate;
  }

  /** Which elements of {@code [N, width]} are kept, bool. */
  Tensor keptOfTokens(int place, double dropped, long width) {
    return kept(tokens, place, dropped, Math.toIntExact(width));
  }

  /** Which elements of {@code [S, width]} are kept, bool. */
  Tensor keptOfSequences(int place, double dropped, long width) {
    return kept(sequences, place, dropped, Math.toIntExact(width));
  }

  private static Tensor kept(long[] keys, int place, double dropped, int width) {
    Tensor kept = Tensor.empty(DType.BOOL, keys.length, width);
    ByteBuffer target = kept.bytes();
    byte[] row = new byte[width];
    for (long key : keys) {
      RandomBits.draw(row, width, RandomBits.key(key, place), zeros(dropped));
      target.put(row);
    }
    return kept;
  }

  /**
   * Draws which of the first {@code keys} keys one head of a query looks at: 1 where it does.
   *
   * @param layer the layer that asks, from 0
   * @param token the index of the query's token
   */
  public void drawKeys(byte[] target, int keys, double dropped, int layer, int head, int token) {
    int place = -1 - layer; // those from 0 on are of rows
    long key = RandomBits.key(RandomBits.key(tokens[token], place), head);
    RandomBits.draw(target, keys, key, zeros(dropped));
  }

  private static long zeros(double dropped) {
    return Math.round(dropped * (1L << 32));
  }
}
