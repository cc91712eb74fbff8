package org.attune.model.weights;

import org.attune.tensor.Tensor;

/** A learned linear map of channels: {@code [N, in]} to {@code [N, out]}. */
@FunctionalInterface
public interface Projection {
  Tensor of(Tensor x);
}
