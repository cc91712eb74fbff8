package org.attune.model.decoder;

import java.util.List;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;

/**
 * (x − mean x) / √(var x + ε) · weight + bias, over the last dimension. Ba et al. 2016
 * (arXiv:1607.06450).
 */
public record LayerNorm(Tensor weight, Tensor bias, double epsilon) {

  public static LayerNorm of(WeightViews weights, String name, double epsilon) {
    return new LayerNorm(weights.get(name + ".weight"), weights.get(name + ".bias"), epsilon);
  }

  /** Its weights for {@code width} channels. */
  public static List<WeightSpec> specs(String name, long width) {
    return List.of(new WeightSpec(name + ".weight", width), new WeightSpec(name + ".bias", width));
  }

  public Tensor of(Tensor x) {
    return x.layerNorm(weight, bias, epsilon);
  }
}
