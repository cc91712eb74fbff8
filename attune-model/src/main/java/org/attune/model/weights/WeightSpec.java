package org.attune.model.weights;

import java.util.Arrays;
import java.util.List;

/**
 * The name and shape of one weight, as checkpoints have it.
 *
 * @param name the tensor's name in a Hugging Face checkpoint
 * @param shape its sizes
 */
public record WeightSpec(String name, long... shape) {
  /** The matrix {@code [out, in]} of a linear layer of that name, and its bias if it has one. */
  public static List<WeightSpec> linear(String layer, boolean withBias, long in, long out) {
    WeightSpec matrix = new WeightSpec(layer + ".weight", out, in);
    return withBias ? List.of(matrix, new WeightSpec(layer + ".bias", out)) : List.of(matrix);
  }

  /** The number of elements. */
  public long count() {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  /** Whether weight decay applies: to matrices and tables, not to biases and norms. */
  public boolean decays() {
    return shape.length > 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WeightSpec spec
        && name.equals(spec.name)
        && Arrays.equals(shape, spec.shape);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(shape);
  }

  @Override
  public String toString() {
    return name + Arrays.toString(shape);
  }
}
