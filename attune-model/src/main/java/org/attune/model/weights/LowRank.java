package org.attune.model.weights;

import org.jspecify.annotations.Nullable;

/**
 * What an adapter adds to one matrix W: s B A, with A {@code [r, in]} and B {@code [out, r]}.
 *
 * @param down the name of A among the trained weights
 * @param up the name of B
 * @param magnitude the name of DoRA's m, {@code [out]}; null without DoRA
 * @param scaling s
 */
public record LowRank(String down, String up, @Nullable String magnitude, double scaling) {}
