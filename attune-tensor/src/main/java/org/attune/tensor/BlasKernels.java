package org.attune.tensor;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which of its kernels OpenBLAS computes with on this machine. */
final class BlasKernels {
  /** By this environment variable a user names the kernels, whatever the processor is. */
  static final String VARIABLE = "OPENBLAS_CORETYPE";

  private static final Set<String> OF_AVX512 = Set.of("skylakex", "cooperlake", "sapphirerapids");
  private static final Set<String> AVX512_FLAGS =
      Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

  private BlasKernels() {}

  /**
   * Whether they multiply small matrices where they lie, without copying them first.
   *
   * @param named what {@link #VARIABLE} says; null for nothing
   * @param flags the processor's
   */
  static boolean multiplySmall(@Nullable String named, Set<String> flags) {
    if (named == null || named.isEmpty()) {
      return flags.containsAll(AVX512_FLAGS);
    }
    return OF_AVX512.contains(named.toLowerCase(Locale.ROOT));
  }
}
