package org.attune.tensor;

import java.util.function.Supplier;
import org.bytedeco.pytorch.GradMode;

/** Whether operations of the calling thread record what a backward pass needs. */
public final class GradientMode {
  private GradientMode() {}

  /** Runs {@code work} without recording a graph: nothing made in it can be differentiated. */
  public static <T> T without(Supplier<T> work) {
    NativeRuntime.enter();
    boolean before = GradMode.is_enabled();
    GradMode.set_enabled(false);
    try {
      return work.get();
    } finally {
      GradMode.set_enabled(before);
    }
  }

  /** Whether a graph is recorded on this thread. */
  public static boolean isRecording() {
    NativeRuntime.enter();
    return GradMode.is_enabled();
  }

  /** As {@link #without}, for work that returns nothing. */
  public static void useWithout(Runnable work) {
    without(
        () -> {
          work.run();
          return true;
        });
  }
}
