package org.attune.model.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.attune.model.transformer.SequenceBlocks.Block;
import org.attune.tensor.Crew;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of the tokens that a batch of sequences has seen, so that each further token
 * costs one token's work.
 *
 * <p>Sequences end in the same column: shorter prompts start later, behind filler that no query
 * looks at. A new token of every sequence then goes to one column. Room for further columns grows
 * with need, by doubling. The cache owns its memory; close it.
 */
public final class KeyValueCache implements AutoCloseable {
  /** Columns for new tokens that are made at once, where that many may come. */
  private static final int FIRST_ROOM = 256;

  /** In which a crew shares the sequences of a step. */
  private static final int MOST_PIECES = 8;

  private final List<Layer> layers = new ArrayList<>();
  private TensorScope fillerOwner = TensorScope.owner();
  private @Nullable Tensor
      hiddenFiller; // [S, 1, 1, most columns]: -inf before a sequence's first token
  private final @Nullable SourceKeys source;
  private final int mostColumns;
  private int columns;

  /** One layer's keys and values, {@code [S, K, capacity, D]} each. */
  private static final class Layer {
    private TensorScope owner = TensorScope.owner();
    private Tensor keys;
    private Tensor values;

    Layer(long... shape) {
      keys = owner.adopt(Tensor.empty(DType.FLOAT32, shape));
      values = owner.adopt(Tensor.empty(DType.FLOAT32, shape));
    }

    void replace(Tensor newKeys, Tensor newValues) {
      TensorScope kept = TensorScope.owner();
      keys = kept.adopt(newKeys);
      values = kept.adopt(newValues);
      owner.close();
      owner = kept;
    }
  }

  /**
   * Makes room for the prompts of {@code batch} and {@code further} tokens of each.
   *
   * @param keyHeads K, the number of key heads of every layer
   */
  public KeyValueCache(TokenBatch batch, int further, int layers, int keyHeads, int headSize) {
    columns = batch.longest();
    TokenBatch texts = batch.source();
    source = texts == null ? null : new SourceKeys();
    mostColumns = columns + further;
    int sequences = batch.sequences();
    boolean hasFiller = sequences * columns != batch.tokens();
    int capacity = columns + Math.min(further, Math.max(FIRST_ROOM, columns));
    TensorScope.use(
        () -> {
          for (int i = 0; i < layers; i++) {
            Layer layer = new Layer(sequences, keyHeads, capacity, headSize);
            this.layers.add(layer);
            if (hasFiller) { // memory that was never written may hold NaN, which no mask hides
              layer.keys.narrow(2, 0, columns).fillInPlace(0);
              layer.values.narrow(2, 0, columns).fillInPlace(0);
            }
          }
          if (hasFiller) {
            float[] filler = new float[sequences * mostColumns];
            for (int s = 0; s < sequences; s++) {
              int unused = columns - batch.length(s);
              for (int c = 0; c < unused; c++) {
                filler[s * mostColumns + c] = Float.NEGATIVE_INFINITY;
              }
            }
            hiddenFiller = fillerOwner.adopt(Tensor.of(filler, sequences, 1, 1, mostColumns));
          }
        });
  }

  /** Attention of the prompts themselves, which also fills the cache. */
  public Attention prefill(TokenBatch batch) {
    return new Prefill(batch);
  }

  private final class Prefill implements Attention {
    private final TokenBatch batch;
    private final CausalAttention causal;
    private final @Nullable Block sourceLayout;

    Prefill(TokenBatch batch) {
      this.batch = batch;
      causal = new CausalAttention(batch);
      TokenBatch texts = batch.source();
      sourceLayout = texts == null ? null : SourceKeys.layout(texts);
    }

    @Override
    public Tensor attend(
        int layer, AttentionForm form, Tensor queries, Tensor newKeys, Tensor newValues) {
      store(layers.get(layer).keys, batch, newKeys);
      store(layers.get(layer).values, batch, newValues);
      return causal.attend(layer, form, queries, newKeys, newValues);
    }

    @Override
    public Tensor attendSource(
        int layer, AttentionForm form, Tensor queries, Supplier<KeysAndValues> read) {
      if (source == null || sourceLayout == null) {
        return causal.attendSource(layer, form, queries, read);
      }
      KeysAndValues made = read.get();
      source.add(sourceLayout, made);
      return causal.attendSource(layer, form, queries, () -> made);
    }
  }

  private void store(Tensor cache, TokenBatch batch, Tensor tokens) {
    long keyHeads = cache.size(1);
    long headSize = cache.size(3);
    if (hiddenFiller == null) {
      cache
          .narrow(2, 0, columns)
          .copyInPlace(
              tokens.reshaped(batch.sequences(), columns, keyHeads, headSize).transposed(1, 2));
      return;
    }
    for (int s = 0; s < batch.sequences(); s++) {
      int length = batch.length(s);
      cache
          .select(0, s)
          .narrow(1, columns - length, length)
          .copyInPlace(tokens.narrow(0, batch.start(s), length).transposed(0, 1));
    }
  }

  /** Attention of one further token of each sequence, which also enters the cache. */
  public Attention next() {
    int column = columns++;
    if (column == layers.get(0).keys.size(2)) {
      grow();
    }
    return new Next(column);
  }

  private final class Next implements Attention {
    private final TensorScope home = TensorScope.innermost();
    private final Map<AttentionForm, Tensor> added = new HashMap<>(); // layers share a form
    private final int column;

    Next(int column) {
      this.column = column;
    }

    @Override
    public Tensor attend(
        int layer, AttentionForm form, Tensor queries, Tensor newKeys, Tensor newValues) {
      int seen = form.reach(columns);
      Tensor nearKeys = // [S, K, seen, D]
          append(layers.get(layer).keys, column, newKeys, seen);
      Tensor nearValues = append(layers.get(layer).values, column, newValues, seen);
      long sequences = queries.size(0);
      long keyHeads = newKeys.size(1);
      long headSize = queries.size(2);
      // query heads that share a key head stand where several query positions would:
      // [S, K, H / K, D]
      Tensor grouped = queries.reshaped(sequences, keyHeads, -1, headSize);
      Tensor ofForm = added.get(form);
      if (ofForm == null) {
        ofForm = added(form, keyHeads, seen);
        if (ofForm != null) {
          added.put(form, home.adopt(ofForm));
        }
      }
      return shared(form, grouped, nearKeys, nearValues, ofForm).reshaped(sequences, -1);
    }

    @Override
    public Tensor attendSource(
        int layer, AttentionForm form, Tensor queries, Supplier<KeysAndValues> read) {
      if (source == null) {
        throw new IllegalStateException("The cache was made for a batch without a source.");
      }
      return source.attend(layer, form, queries);
    }
  }

  /** Attention in which a crew shares the sequences. */
  private static Tensor shared(
      AttentionForm form, Tensor queries, Tensor keys, Tensor values, @Nullable Tensor added) {
    long sequences = queries.size(0);
    if (!Crew.isLed() || sequences == 1) {
      return ScoredKeys.attend(form, queries, keys, values, added);
    }
    Tensor attended = Tensor.empty(DType.FLOAT32, queries.shape());
    int pieces = (int) Math.min(sequences, MOST_PIECES);
    Crew.share(
        pieces,
        i ->
            TensorScope.use(
                () -> {
                  long from = sequences * i / pieces;
                  long count = sequences * (i + 1) / pieces - from;
                  Tensor mask =
                      added != null && added.rank() == queries.rank()
                          ? added.narrow(0, from, count) // one for each sequence
                          : added;
                  Tensor part =
                      ScoredKeys.attend(
                          form,
                          queries.narrow(0, from, count),
                          keys.narrow(0, from, count),
                          values.narrow(0, from, count),
                          mask);
                  attended.narrow(0, from, count).copyInPlace(part);
                }));
    return attended;
  }

  /** The bias of the keys that are seen, −∞ for filler; null for neither. */
  private @Nullable Tensor added(AttentionForm form, long keyHeads, int seen) {
    int first = columns - seen;
    Tensor filler = hiddenFiller == null ? null : hiddenFiller.narrow(3, first, seen);
    PositionBias bias = form.bias();
    if (bias == null) {
      return filler;
    }
    Tensor ofHeads = // [K, H / K, seen]
        bias.between(columns - 1, 1, columns).narrow(2, first, seen).reshaped(keyHeads, -1, seen);
    return filler == null ? ofHeads : filler.plus(ofHeads);
  }

  private static Tensor append(Tensor cache, int column, Tensor newest, int seen) {
    cache.narrow(2, column, 1).copyInPlace(newest.unsqueezed(2));
    return cache.narrow(2, column + 1L - seen, seen);
  }

  private void grow() {
    for (Layer layer : layers) {
      TensorScope.use(() -> layer.replace(grown(layer.keys), grown(layer.values)));
    }
  }

  private Tensor grown(Tensor cache) {
    long used = cache.size(2);
    long capacity = Math.min(mostColumns, 2 * used);
    Tensor larger =
        Tensor.empty(DType.FLOAT32, cache.size(0), cache.size(1), capacity, cache.size(3));
    larger.narrow(2, 0, used).copyInPlace(cache);
    return larger;
  }

  /**
   * Goes on with the given sequences, in that order. One that is named several times goes on
   * several times, each with a copy of its past.
   */
  public void retain(int... sequences) {
    boolean isReordering = sequences.length == layers.get(0).keys.size(0);
    if (source != null) {
      source.retain(sequences);
    }
    TensorScope.use(
        () -> {
          if (isReordering) {
            reorder(sequences);
          } else {
            pick(Tensor.indices(sequences));
          }
          if (hiddenFiller != null) {
            TensorScope kept = TensorScope.owner();
            hiddenFiller = kept.adopt(hiddenFiller.indexSelect(0, Tensor.indices(sequences)));
            fillerOwner.close();
            fillerOwner = kept;
          }
        });
  }

  private void pick(Tensor sequences) {
    for (Layer layer : layers) {
      TensorScope.use( // layer by layer, so that no second copy of all is needed
          () ->
              layer.replace(
                  layer.keys.indexSelect(0, sequences), layer.values.indexSelect(0, sequences)));
    }
  }

  /** Copies only the used columns of sequences that change their place. */
  private void reorder(int... sequences) {
    int[] moved = IntStream.range(0, sequences.length).filter(i -> sequences[i] != i).toArray();
    if (moved.length == 0) {
      return;
    }
    Tensor from = Tensor.indices(Arrays.stream(moved).map(i -> sequences[i]).toArray());
    Tensor to = Tensor.indices(moved);
    for (Layer layer : layers) {
      for (Tensor cache : List.of(layer.keys, layer.values)) {
        TensorScope.use(
            () -> {
              Tensor used = cache.narrow(2, 0, columns);
              used.indexCopyInPlace(0, to, used.indexSelect(0, from));
            });
      }
    }
  }

  @Override
  public void close() {
    layers.forEach(layer -> layer.owner.close());
    if (source != null) {
      source.close();
    }
    fillerOwner.close();
  }
}
