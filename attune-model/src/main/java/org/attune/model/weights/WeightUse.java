package org.attune.model.weights;

/** How a model computes with a weight; decides whether and how an adapter can change it. */
public enum WeightUse {
  /** x Wᵀ with a matrix {@code [out, in]}. */
  LINEAR,
  /** x W with a matrix {@code [in, out]}, as GPT-2's Conv1D stores it. */
  TRANSPOSED,
  /** Rows picked by ids. */
  TABLE,
  /** Anything else: a norm, a bias. */
  PLAIN
}
