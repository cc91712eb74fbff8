package org.attune.model.weights;

import org.attune.model.dropout.Dropout;
import org.attune.tensor.Tensor;

/** A learned linear map of channels: {@code [N, in]} to {@code [N, out]}. */
@FunctionalInterface
public interface Projection {
  Tensor of(Tensor x);

  /** The map with dropout of what it gives. */
  default Projection then(Dropout dropout) {
    return x -> dropout.of(of(x));
  }
}
