package org.attune.model.transformer;

import java.util.ArrayList;
import java.util.List;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of the tokens that a batch of sequences has seen, so that each further token
 * costs one token's work.
 *
 * <p>Sequences end in the same column: shorter prompts start later, behind filler that no query
 * looks at. A new token of every sequence then goes to one column. The cache owns its memory; close
 * it.
 */
public final class KeyValueCache implements AutoCloseable {
  private TensorScope owner = TensorScope.owner();
  private List<Tensor> keys = new ArrayList<>(); // of each layer, [S, K, capacity, D]
  private List<Tensor> values = new ArrayList<>();
  private @Nullable Tensor
      hiddenFiller; // [S, 1, 1, capacity]: -inf before a sequence's first token
  private int columns;

  /**
   * Makes room for the prompts of {@code batch} and {@code further} tokens of each.
   *
   * @param keyHeads K, the number of key heads of every layer
   */
  public KeyValueCache(TokenBatch batch, int further, int layers, int keyHeads, int headSize) {
    columns = batch.longest();
    int capacity = columns + further;
    int sequences = batch.sequences();
    TensorScope.use(
        () -> {
          for (int i = 0; i < layers; i++) {
            keys.add(owner.adopt(Tensor.zeros(sequences, keyHeads, capacity, headSize)));
            values.add(owner.adopt(Tensor.zeros(sequences, keyHeads, capacity, headSize)));
          }
          if (sequences * batch.longest() != batch.tokens()) {
            float[] filler = new float[sequences * capacity];
            for (int s = 0; s < sequences; s++) {
              int unused = columns - batch.length(s);
              for (int c = 0; c < unused; c++) {
                filler[s * capacity + c] = Float.NEGATIVE_INFINITY;
              }
            }
            hiddenFiller = owner.adopt(Tensor.of(filler, sequences, 1, 1, capacity));
          }
        });
  }

  /** Attention of the prompts themselves, which also fills the cache. */
  public Attention prefill(TokenBatch batch) {
    CausalAttention causal = new CausalAttention(batch);
    long capacity = keys.get(0).size(2);
    int[] places = new int[batch.tokens()]; // of each token in [S * capacity]
    for (int s = 0; s < batch.sequences(); s++) {
      int first = columns - batch.length(s);
      for (int t = 0; t < batch.length(s); t++) {
        places[batch.start(s) + t] = (int) (s * capacity) + first + t;
      }
    }
    Tensor to = Tensor.indices(places);
    return (layer, form, queries, newKeys, newValues) -> {
      store(keys.get(layer), to, newKeys);
      store(values.get(layer), to, newValues);
      return causal.attend(layer, form, queries, newKeys, newValues);
    };
  }

  private static void store(Tensor cache, Tensor places, Tensor tokens) {
    long keyHeads = cache.size(1);
    long headSize = cache.size(3);
    Tensor rows = // a copy in token order, written back per head
        Tensor.zeros(cache.size(0) * cache.size(2), keyHeads, headSize)
            .indexCopyInPlace(0, places, tokens);
    cache.copyInPlace(rows.view(cache.size(0), cache.size(2), keyHeads, headSize).transposed(1, 2));
  }

  /** Attention of one further token of each sequence, which also enters the cache. */
  public Attention next() {
    int column = columns++;
    return (layer, form, queries, newKeys, newValues) -> {
      int seen = form.reach(columns);
      Tensor nearKeys = append(keys.get(layer), column, newKeys, seen); // [S, K, seen, D]
      Tensor nearValues = append(values.get(layer), column, newValues, seen);
      long sequences = queries.size(0);
      long keyHeads = newKeys.size(1);
      long headSize = queries.size(2);
      // query heads that share a key head stand where several query positions would:
      // [S, K, H / K, D]
      Tensor grouped = queries.reshaped(sequences, keyHeads, -1, headSize);
      Tensor added = added(form, keyHeads, seen);
      return ScoredKeys.attend(form, grouped, nearKeys, nearValues, added).reshaped(sequences, -1);
    };
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

  /** Keeps only the given sequences, in that order. */
  public void retain(int... sequences) {
    TensorScope kept = TensorScope.owner();
    List<Tensor> keptKeys = new ArrayList<>();
    List<Tensor> keptValues = new ArrayList<>();
    TensorScope.use(
        () -> {
          Tensor picked = Tensor.indices(sequences);
          for (int i = 0; i < keys.size(); i++) {
            keptKeys.add(kept.adopt(keys.get(i).indexSelect(0, picked)));
            keptValues.add(kept.adopt(values.get(i).indexSelect(0, picked)));
          }
          if (hiddenFiller != null) {
            hiddenFiller = kept.adopt(hiddenFiller.indexSelect(0, picked));
          }
        });
    owner.close();
    owner = kept;
    keys = keptKeys;
    values = keptValues;
  }

  @Override
  public void close() {
    owner.close();
  }
}
