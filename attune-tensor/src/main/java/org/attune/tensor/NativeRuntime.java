package org.attune.tensor;

import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads libtorch with the threads this library wants: one per operator.
 *
 * <p>libtorch's operators and OpenBLAS each bring a thread pool, and the two fight over the cores.
 * Attune instead runs several replicas of a step, each on a Java thread of its own with
 * single-threaded operators. OpenBLAS is told so before libtorch loads, because the setting is the
 * process's; libtorch keeps its setting per thread, so each thread announces itself once through
 * {@link #enter()}.
 */
final class NativeRuntime {
  private static final ThreadLocal<Boolean> ENTERED =
      ThreadLocal.withInitial(
          () -> {
            torch.set_num_threads(1);
            return true;
          });

  static {
    // Scopes free every tensor; JavaCPP's own limits see only handles and the whole process's
    // memory,
    // and would stop a large model on a small Java heap.
    System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    openblas.blas_set_num_threads(1);
  }

  private NativeRuntime() {}

  /**
   * Makes the calling thread's operators single-threaded; called by everything that makes a tensor.
   */
  static void enter() {
    ENTERED.get();
  }
}
