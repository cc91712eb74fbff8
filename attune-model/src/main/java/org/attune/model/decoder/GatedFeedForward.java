package org.attune.model.decoder;

import java.util.List;
import org.attune.model.transformer.Activation;
import org.attune.model.weights.Projection;
import org.attune.tensor.Tensor;

/**
 * W_down (act(W_gate x) · W_up x). Shazeer 2020 (arXiv:2002.05202), equation 6.
 *
 * @param gateUp {@code [C]} to {@code [2 F]}: gate, then up
 * @param down {@code [F]} to {@code [C]}
 */
public record GatedFeedForward(Activation activation, Projection gateUp, Projection down) {
  public Tensor of(Tensor x) {
    Tensor both = gateUp.of(x);
    long width = both.size(1) / 2;
    List<Tensor> gateAndUp = both.split(1, width, width);
    return down.of(activation.of(gateAndUp.get(0)).times(gateAndUp.get(1)));
  }
}
