package org.attune.model.transformer;

import java.util.List;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;

/**
 * A transformer's layers, one after another. What a layer made on its way is freed at once, but for
 * its output and what a backward pass will need.
 */
public final class Layers {
  private Layers() {}

  /** The computation of one layer. */
  @FunctionalInterface
  public interface Step<L> {
    /** From the layer's input to its output, {@code [N, C]} both. */
    Tensor after(L layer, Tensor x);
  }

  /**
   * The last layer's output.
   *
   * @param x input of the first layer
   * @param step may leave nothing behind in the current scope but its result; what several layers
   *     share, such as a mask, has a scope of its own
   */
  public static <L> Tensor through(List<L> layers, Tensor x, Step<L> step) {
    Tensor last = x;
    for (L layer : layers) {
      Tensor before = last;
      last = TensorScope.with(() -> step.after(layer, before));
    }
    return last;
  }
}
