package org.attune.model.transformer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.attune.model.dropout.Noise;
import org.attune.model.transformer.KeptKeys.Reach;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Each token looks at all tokens of its own sequence, before it and behind it, as far as the
 * layer's form reaches: a window of w lets it see w − 1 tokens to either side.
 */
public final class BidirectionalAttention implements Attention {
  private final TensorScope home = TensorScope.innermost();
  private final SequenceBlocks blocks;
  private final @Nullable Noise noise;
  private final Map<Asked, Tensor> masks = new HashMap<>();

  /** What a mask was made for. */
  private record Asked(SequenceBlocks.Block block, AttentionForm form) {}

  /**
   * Prepares for the sequences of {@code batch}; index tensors and masks live in the current scope.
   */
  public BidirectionalAttention(TokenBatch batch) {
    blocks = new SequenceBlocks(batch);
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
          Tensor mask = mask(new Asked(block, form));
          return noise == null || rate == 0
              ? ScoredKeys.attend(form, q, k, v, mask)
              : ScoredKeys.attend(
                  form,
                  q,
                  k,
                  v,
                  mask,
                  KeptKeys.drawn(block, noise, layer, rate, (int) q.size(1), Reach.ALL));
        });
  }

  private @Nullable Tensor mask(Asked asked) {
    int longest = asked.block.longest();
    boolean seesAll = asked.form.reach(longest) == longest;
    PositionBias bias = asked.form.bias();
    if (seesAll && !asked.block.hasFiller()) {
      return bias == null
          ? null
          : masks.computeIfAbsent(asked, a -> home.adopt(between(bias, longest)));
    }
    return masks.computeIfAbsent(
        asked,
        a -> {
          Tensor hidden = seesAll ? a.block.hiddenFiller() : far(a);
          return home.adopt(bias == null ? hidden : hidden.plus(between(bias, longest)));
        });
  }

  private static Tensor between(PositionBias bias, int longest) {
    return bias.between(0, longest, longest); // [H, L, L]
  }

  /**
   * −∞ for filler keys and those out of reach: {@code [S, 1, L, L]}. A filler query looks at
   * everything: it is dropped, but without a key in sight it would be NaN, and its gradient too.
   */
  private static Tensor far(Asked asked) {
    SequenceBlocks.Block block = asked.block;
    int longest = block.longest();
    int window = asked.form.window();
    float[] hidden = new float[block.sequences() * longest * longest];
    for (int s = 0; s < block.sequences(); s++) {
      int length = block.length(s);
      for (int query = 0; query < length; query++) {
        int from = (s * longest + query) * longest;
        int first = Math.max(0, query - window + 1);
        int end = Math.min(length, query + window);
        Arrays.fill(hidden, from, from + first, Float.NEGATIVE_INFINITY);
        Arrays.fill(hidden, from + end, from + longest, Float.NEGATIVE_INFINITY);
      }
    }
    return Tensor.of(hidden, block.sequences(), 1, longest, longest);
  }
}
