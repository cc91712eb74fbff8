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
    double cap = form.softcap();
    Tensor scores = queries.matmul(keys.transposed(2, 3)).times(form.scale() / cap);
    Tensor capped = scores.tanh().times(cap);
    return (added == null ? capped : capped.plus(added)).softmax().matmul(values);
  }
}
