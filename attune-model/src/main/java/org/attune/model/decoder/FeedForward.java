package org.attune.model.decoder;

import org.attune.model.transformer.Activation;
import org.attune.model.weights.Projection;
import org.attune.tensor.Tensor;

/**
 * W_down act(W_up x). Vaswani et al. 2017 (arXiv:1706.03762), equation 2.
 *
 * @param up {@code [C]} to {@code [F]}
 * @param down {@code [F]} to {@code [C]}
 */
public record FeedForward(Activation activation, Projection up, Projection down) {
  public Tensor of(Tensor x) {
    return down.of(activation.of(up.of(x)));
  }
}
