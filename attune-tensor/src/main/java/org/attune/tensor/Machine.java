package org.attune.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

/** What this machine offers to compute with. */
public final class Machine {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Set<String> NATIVE_BFLOAT16 = Set.of("avx512_bf16", "amx_bf16", "bf16");

  private Machine() {}

  /** Processors that this process may use. */
  public static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Whether the processor multiplies bfloat16 matrices itself, instead of by way of float32. */
  public static boolean multipliesBfloat16() {
    return flags().stream().anyMatch(NATIVE_BFLOAT16::contains);
  }

  /** The processor's name, or its architecture where the system does not tell. */
  public static String processorName() {
    return cpuInfo("model name").findFirst().orElse(System.getProperty("os.arch"));
  }

  /** What the processor's instruction sets are called; none where the system does not tell. */
  static Set<String> flags() {
    return Stream.concat(cpuInfo("flags"), cpuInfo("Features"))
        .findFirst()
        .map(line -> Set.copyOf(Arrays.asList(line.split(" "))))
        .orElse(Set.of());
  }

  private static Stream<String> cpuInfo(String key) {
    try {
      return Files.readAllLines(CPU_INFO).stream()
          .map(line -> line.split(":", 2))
          .filter(parts -> parts.length == 2 && parts[0].strip().equals(key))
          .map(parts -> parts[1].strip());
    } catch (IOException e) {
      return Stream.empty(); // only Linux has this file
    }
  }

  /**
   * Measures how many floating-point operations a second matrix products reach on all workers
   * together.
   *
   * @param side rows and columns of each product's square matrices
   * @return in 10⁹ operations a second
   */
  public static double measuredMatmulPeak(DType type, Workers workers, int side) {
    int products = 8;
    double best = 0;
    for (int round = 0; round < 3; round++) {
      long start = System.nanoTime();
      workers.each(
          worker ->
              GradientMode.without(
                  () -> {
                    Tensor left = Tensor.full(0.5, side, side).to(type);
                    Tensor right = Tensor.full(0.25, side, side).to(type);
                    for (int i = 0; i < products; i++) {
                      TensorScope.use(() -> left.matmul(right));
                    }
                    return worker;
                  }));
      double seconds = (System.nanoTime() - start) / 1e9;
      double operations = 2.0 * side * side * side * products * workers.count();
      best = Math.max(best, operations / seconds / 1e9);
    }
    return best;
  }
}
