package org.attune.model.transformer;

import java.util.Arrays;
import java.util.List;
import org.attune.model.dropout.DropoutSeeds;
import org.attune.model.dropout.Noise;
import org.attune.model.tokenizer.TokenSequence;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Sequences of token ids one behind another, without padding.
 *
 * <p>S sequences hold N tokens in all. Everything that works on tokens one by one (embeddings,
 * linear layers, norms, losses) sees {@code [N, C]}; only {@link Attention} knows where sequences
 * begin. Batching many short sequences is therefore the same as packing them, and no work is done
 * on padding.
 *
 * <p>Where an encoder reads a text and a decoder writes another one, the batch holds what the
 * decoder sees, and its {@linkplain #source source} what the encoder does, a sequence for each.
 */
public final class TokenBatch {
  private final int[] ids;
  private final int[] types;
  private final int[] positions;
  private final int[] starts;
  private final @Nullable TokenBatch source;
  private final @Nullable Noise noise;

  private TokenBatch(
      int[] ids,
      int[] types,
      int[] positions,
      int[] starts,
      @Nullable TokenBatch source,
      @Nullable Noise noise) {
    this.ids = ids;
    this.types = types;
    this.positions = positions;
    this.starts = starts;
    this.source = source;
    this.noise = noise;
  }

  /**
   * A batch of whole sequences, each counting its positions from 0.
   *
   * @throws IllegalArgumentException if there is no sequence, or one is empty
   */
  public static TokenBatch of(List<int[]> sequences) {
    return ofSequences(sequences.stream().map(TokenSequence::of).toList());
  }

  /** As {@link #of} for sequences that say which text a token belongs to. */
  public static TokenBatch ofSequences(List<TokenSequence> sequences) {
    int[] starts = new int[sequences.size() + 1];
    for (int i = 0; i < sequences.size(); i++) {
      if (sequences.get(i).length() == 0) {
        throw new IllegalArgumentException("Sequence " + i + " has no tokens; leave it out.");
      }
      starts[i + 1] = starts[i] + sequences.get(i).length();
    }
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("A batch needs at least one sequence.");
    }
    int[] ids = new int[starts[sequences.size()]];
    int[] types = new int[ids.length];
    int[] positions = new int[ids.length];
    for (int i = 0; i < sequences.size(); i++) {
      TokenSequence sequence = sequences.get(i);
      System.arraycopy(sequence.ids(), 0, ids, starts[i], sequence.length());
      System.arraycopy(sequence.types(), 0, types, starts[i], sequence.length());
      for (int t = 0; t < sequence.length(); t++) {
        positions[starts[i] + t] = t;
      }
    }
    return new TokenBatch(ids, types, positions, starts, null, null);
  }

  /**
   * The same sequences, each of which looks at a text of its own through an encoder.
   *
   * @throws IllegalArgumentException if there is not one text for each sequence
   */
  public TokenBatch reading(TokenBatch texts) {
    if (texts.sequences() != sequences()) {
      throw new IllegalArgumentException(
          "%d sequences cannot read %d sources. Give one for each."
              .formatted(sequences(), texts.sequences()));
    }
    return new TokenBatch(ids, types, positions, starts, texts, noise);
  }

  /** Each sequence behind {@code first} and without its last token, so that it is as long. */
  public TokenBatch shifted(int first) {
    int[] shifted = new int[ids.length];
    System.arraycopy(ids, 0, shifted, 1, ids.length - 1);
    for (int s = 0; s < sequences(); s++) {
      shifted[starts[s]] = first;
    }
    return new TokenBatch(shifted, types, positions, starts, source, noise);
  }

  /** One further token of each sequence, at the given positions. */
  public static TokenBatch next(int[] ids, int[] positions) {
    int[] starts = new int[ids.length + 1];
    Arrays.setAll(starts, i -> i);
    return new TokenBatch(ids, new int[ids.length], positions, starts, null, null);
  }

  /** What an encoder reads for each sequence; null where the sequences stand alone. */
  public @Nullable TokenBatch source() {
    return source;
  }

  /**
   * The same tokens, to be computed with dropout, and so what an encoder reads for them.
   *
   * @param seeds null for none
   */
  public TokenBatch dropping(@Nullable DropoutSeeds seeds) {
    return seeds == null
        ? this
        : new TokenBatch(
            ids,
            types,
            positions,
            starts,
            source == null ? null : source.dropping(seeds),
            Noise.of(seeds, starts));
  }

  /** What masks of dropout are drawn from; null where nothing is dropped. */
  public @Nullable Noise noise() {
    return noise;
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

  /**
   * Which text of a pair each token belongs to, int64 {@code [N]}.
   *
   * @param known how many texts the model tells apart; the last of them stands for further ones
   */
  public Tensor types(int known) {
    return Tensor.of(
        Arrays.stream(types).map(type -> Math.min(type, known - 1)).toArray(), types.length);
  }

  /** The row of each sequence's first token: {@code [N, C]} to {@code [S, C]}. */
  public Tensor firstTokens(Tensor rows) {
    return rows.embedding(Tensor.indices(Arrays.copyOf(starts, sequences())));
  }

  /** The row of each sequence's last token: {@code [N, C]} to {@code [S, C]}. */
  public Tensor lastTokens(Tensor rows) {
    int[] last = new int[sequences()];
    Arrays.setAll(last, s -> starts[s + 1] - 1);
    return rows.embedding(Tensor.indices(last));
  }

  /** The mean of each sequence's rows: {@code [N, C]} to {@code [S, C]}. */
  public Tensor means(Tensor rows) {
    float[] shares = new float[sequences() * tokens()];
    for (int s = 0; s < sequences(); s++) {
      int from = s * tokens();
      Arrays.fill(shares, from + starts[s], from + starts[s + 1], 1f / length(s));
    }
    return Tensor.of(shares, sequences(), tokens()).matmul(rows);
  }

  /** Position of each token in its sequence, int64 {@code [N]}. */
  public Tensor positions() {
    return Tensor.of(positions, positions.length);
  }
}
