package org.attune.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Has OpenBLAS take its kernels for AVX-512 on processors that it does not know.
 *
 * <p>OpenBLAS knows processors by family and model. For an AMD family that is newer than itself it
 * takes kernels of half the width, and not the ones for small matrices. It can be told otherwise by
 * an environment variable alone, which it reads as it is loaded, and Java cannot set one for its
 * own process; so it is put where native code looks for it.
 */
final class BlasKernels {
  private static final String VARIABLE = "OPENBLAS_CORETYPE";
  private static final String AVX512 = "SKYLAKEX";
  private static final Set<String> AVX512_FLAGS =
      Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

  /** Native code goes on reading them until the process ends. */
  private static final List<Pointer> KEPT = new ArrayList<>();

  private BlasKernels() {}

  /** Call before OpenBLAS is loaded. What the user says in the variable stands. */
  static void choose() {
    if (System.getenv(VARIABLE) == null) {
      fitting(System.getProperty("os.name"), Machine.vendor(), Machine.flags())
          .ifPresent(kernels -> putIntoEnvironment(VARIABLE + "=" + kernels));
    }
  }

  /** The kernels to ask for; none where OpenBLAS finds the best ones by itself. */
  static Optional<String> fitting(String system, String vendor, Set<String> flags) {
    boolean mayBeUnknown = system.equals("Linux") && vendor.equals("AuthenticAMD");
    return mayBeUnknown && flags.containsAll(AVX512_FLAGS) ? Optional.of(AVX512) : Optional.empty();
  }

  /** Whether its kernels multiply small matrices where they lie, without copying them first. */
  static boolean multiplySmall(Set<String> flags) {
    return flags.containsAll(AVX512_FLAGS);
  }

  /** Replaces the list of C's {@code environ} by one that has a further entry. */
  static void putIntoEnvironment(String added) {
    List<Pointer> entries = entries();
    if (entries.isEmpty()) {
      return; // not told: slower products, the same results
    }
    BytePointer entry = new BytePointer(added);
    PointerPointer<Pointer> longer = new PointerPointer<>(entries.size() + 2L);
    for (int i = 0; i < entries.size(); i++) {
      longer.put(i, entries.get(i));
    }
    longer.put(entries.size(), entry).put(entries.size() + 1L, (Pointer) null);
    environ().put(0, longer);
    KEPT.add(entry);
    KEPT.add(longer);
  }

  /** What native code finds in the environment. */
  static List<String> environmentEntries() {
    return entries().stream().map(entry -> new BytePointer(entry).getString()).toList();
  }

  private static List<Pointer> entries() {
    PointerPointer<Pointer> environ = environ();
    if (environ.isNull() || environ.get(0) == null) {
      return List.of();
    }
    PointerPointer<Pointer> list = new PointerPointer<>(environ.get(0));
    List<Pointer> entries = new ArrayList<>();
    for (Pointer entry = list.get(0); entry != null; entry = list.get(entries.size())) {
      entries.add(entry);
    }
    return entries;
  }

  private static PointerPointer<Pointer> environ() {
    Loader.load(Pointer.class);
    return new PointerPointer<>(Loader.addressof("environ"));
  }
}
