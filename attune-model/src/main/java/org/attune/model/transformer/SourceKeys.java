package org.attune.model.transformer;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.transformer.Attention.KeysAndValues;
import org.attune.model.transformer.SequenceBlocks.Block;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder's layers made of the texts that the encoder read: computed once for each prompt,
 * and looked at by every token that is written. It owns its memory; close it.
 */
final class SourceKeys implements AutoCloseable {
  private final List<Layer> layers = new ArrayList<>();
  private TensorScope fillerOwner = TensorScope.owner();
  private @Nullable Tensor hiddenFiller; // [S, 1, 1, L]; null without filler

  /** One layer's keys and values, {@code [S, H, L, D]} each. */
  private record Layer(TensorScope owner, Tensor keys, Tensor values) {
    static Layer of(Tensor keys, Tensor values) {
      TensorScope owner = TensorScope.owner();
      return new Layer(owner, owner.adopt(keys), owner.adopt(values));
    }

    Layer of(Tensor sequences) {
      Layer picked = of(keys.indexSelect(0, sequences), values.indexSelect(0, sequences));
      owner.close();
      return picked;
    }
  }

  /** The layout of all texts; its index tensors live in the current scope. */
  static Block layout(TokenBatch texts) {
    return new Block(texts, 0, texts.sequences());
  }

  /** Keeps what the next layer, from 0 on, made of the texts. */
  void add(Block layout, KeysAndValues read) {
    TensorScope.use(
        () -> {
          if (layers.isEmpty() && layout.hasFiller()) {
            hiddenFiller = fillerOwner.adopt(layout.hiddenFiller());
          }
          long heads = read.keys().size(1);
          layers.add(
              Layer.of(
                  layout.laidOut(read.keys(), heads).contiguous(),
                  layout.laidOut(read.values(), heads).contiguous()));
        });
  }

  /** {@code [S, H · D]} of one query of each sequence, {@code [S, H, D]}. */
  Tensor attend(int layer, AttentionForm form, Tensor queries) {
    Layer known = layers.get(layer);
    return ScoredKeys.attend(
            form, queries.unsqueezed(2), known.keys, known.values, hiddenFiller) // [S, H, 1, D]
        .reshaped(queries.size(0), -1);
  }

  /** Goes on with the given sequences, in that order, as {@link KeyValueCache#retain} does. */
  void retain(int... sequences) {
    TensorScope.use(
        () -> {
          Tensor picked = Tensor.indices(sequences);
          layers.replaceAll(layer -> layer.of(picked));
          if (hiddenFiller != null) {
            TensorScope kept = TensorScope.owner();
            hiddenFiller = kept.adopt(hiddenFiller.indexSelect(0, picked));
            fillerOwner.close();
            fillerOwner = kept;
          }
        });
  }

  @Override
  public void close() {
    layers.forEach(layer -> layer.owner.close());
    fillerOwner.close();
  }
}
