package org.attune.model.transformer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.attune.model.dropout.Noise;
import org.attune.model.transformer.KeptKeys.Reach;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Each token looks at itself and the tokens before it in its own sequence, as far back as the
 * layer's form reaches.
 *
 * <p>The causal mask keeps real queries from the filler behind a sequence, so no other mask is
 * needed and every filler gradient is zero.
 */
public final class CausalAttention implements Attention {
  private final TensorScope home = TensorScope.innermost();
  private final SequenceBlocks blocks;
  private final @Nullable SourceAttention source;
  private final @Nullable Noise noise;
  private final Map<Asked, Tensor> masks = new HashMap<>();

  /** What a mask was made for. */
  private record Asked(int longest, AttentionForm form) {}

  /**
   * Prepares for the sequences of {@code batch}; index tensors and masks live in the current scope.
   */
  public CausalAttention(TokenBatch batch) {
    blocks = new SequenceBlocks(batch);
    TokenBatch texts = batch.source();
    source = texts == null ? null : new SourceAttention(batch, texts);
    noise = batch.noise();
  }

  @Override
  public Tensor attend(int layer, AttentionForm form, Tensor queries, Tensor keys, Tensor values) {
    return blocks.attend(
        queries,
        keys,
        values,
        (block, q, k, v) -> {
          double rate = noise == null ? 0 : noise.rate(form.dropout());
          return noise == null || rate == 0
              ? weighted(block.longest(), form, q, k, v)
              : ScoredKeys.attend(
                  form,
                  q,
                  k,
                  v,
                  mask(block.longest(), form),
                  KeptKeys.drawn(block, noise, layer, rate, (int) q.size(1), Reach.CAUSAL));
        });
  }

  @Override
  public Tensor attendSource(
      int layer, AttentionForm form, Tensor queries, Supplier<KeysAndValues> keysAndValues) {
    if (source == null) {
      throw new IllegalArgumentException(
          "The model writes about a text that its encoder reads, but the batch has none. Make it with TokenBatch.reading, or by Replica.completions.");
    }
    return source.attend(form, queries, keysAndValues.get());
  }

  private Tensor weighted(
      int longest, AttentionForm form, Tensor queries, Tensor keys, Tensor values) {
    boolean seesAll = form.reach(longest) == longest;
    if (seesAll && form.softcap() == 0 && form.bias() == null) {
      return Tensor.causalAttention(queries, keys, values, form.scale());
    }
    return ScoredKeys.attend(form, queries, keys, values, mask(longest, form));
  }

  private Tensor mask(int longest, AttentionForm form) {
    return masks.computeIfAbsent(new Asked(longest, form), asked -> home.adopt(mask(asked)));
  }

  /** The bias of keys in reach, −∞ for others: {@code [1 or H, L, L]}. */
  private static Tensor mask(Asked asked) {
    int longest = asked.longest;
    float[] hidden = new float[longest * longest];
    for (int query = 0; query < longest; query++) {
      int first = query + 1 - asked.form.reach(query + 1);
      int from = query * longest;
      Arrays.fill(hidden, from, from + first, Float.NEGATIVE_INFINITY);
      Arrays.fill(hidden, from + query + 1, from + longest, Float.NEGATIVE_INFINITY);
    }
    Tensor reach = Tensor.of(hidden, 1, longest, longest);
    PositionBias bias = asked.form.bias();
    return bias == null ? reach : bias.between(0, longest, longest).plus(reach);
  }
}
