package org.attune.model.transformer;

import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Attention of laid-out queries, keys and values in a layer's {@link AttentionForm}. */
final class ScoredKeys {
  private ScoredKeys() {}

  /**
   * The weighted values of every query.
   *
   * @param queries {@code [S, H, Tq, D]}
   * @param keys {@code [S, H, Tk, D]}
   * @param values {@code [S, H, Tk, D]}
   * @param added broadcast to {@code [S, H, Tq, Tk]}: the bias, and −∞ where a query may not look;
   *     null for neither. The window of the form is not looked at.
   */
  static Tensor attend(
      AttentionForm form, Tensor queries, Tensor keys, Tensor values, @Nullable Tensor added) {
    if (form.softcap() == 0) {
      return Tensor.attention(queries, keys, values, added, form.scale());
    }
    return scores(form, queries, keys, added).softmax().matmul(values);
  }

  /**
   * As {@link #attend} with dropout of the weights: softmax(…) ∘ kept / (1 − rate), times values.
   *
   * <p>libtorch's own attention would draw its masks from a generator that all threads share, and
   * on a CPU it, too, holds all weights then.
   *
   * @param kept of all weights, {@code [S, H, Tq, Tk]}
   */
  static Tensor attend(
      AttentionForm form,
      Tensor queries,
      Tensor keys,
      Tensor values,
      @Nullable Tensor added,
      KeptKeys kept) {
    Tensor weights = scores(form, queries, keys, added).softmax().times(kept.isKept());
    return weights.matmul(values.times(1 / (1 - kept.rate()))); // values are fewer than weights
  }

  private static Tensor scores(
      AttentionForm form, Tensor queries, Tensor keys, @Nullable Tensor added) {
    double cap = form.softcap();
    Tensor scores =
        cap == 0
            ? queries.times(form.scale()).matmul(keys.transposed(2, 3))
            : queries.matmul(keys.transposed(2, 3)).times(form.scale() / cap).tanh().times(cap);
    return added == null ? scores : scores.plus(added);
  }
}
