package org.attune.tensor;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.jspecify.annotations.Nullable;

/**
 * Puts another gradient in place of the one that a backward pass has computed. Made once and kept:
 * libtorch knows it by its address, and allows ten of them in a process.
 */
final class GradientHook extends TensorTensorHook {
  /** What libtorch was handed last on this thread; it copies the reference after the call. */
  private static final ThreadLocal<@Nullable TensorBase> HANDED = new ThreadLocal<>();

  private final UnaryOperator<Tensor> change;

  GradientHook(UnaryOperator<Tensor> change) {
    this.change = change;
  }

  @Override
  public TensorBase call(TensorBase gradient) {
    TensorBase before = HANDED.get();
    if (before != null) {
      before.close();
    }
    TensorBase changed =
        GradientMode.without(
            () ->
                TensorScope.with(() -> change.apply(Tensor.gradient(gradient)).nativeReference()));
    HANDED.set(changed);
    return changed;
  }
}
