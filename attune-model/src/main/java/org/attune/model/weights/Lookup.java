package org.attune.model.weights;

import org.attune.tensor.Tensor;

/** A learned table that is read by row: ids (int64, {@code [N]}) to {@code [N, C]}. */
@FunctionalInterface
public interface Lookup {
  Tensor of(Tensor ids);
}
