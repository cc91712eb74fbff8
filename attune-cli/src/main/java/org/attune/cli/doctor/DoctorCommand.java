package org.attune.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.attune.cli.terminal.JsonOutput;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.run.TrainingConfig;
import org.attune.tensor.DType;
import org.attune.tensor.Machine;
import org.attune.tensor.Workers;
import org.attune.train.session.CodeVersion;
import org.attune.train.session.ComputePlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune doctor}: what this machine offers, what Attune makes of it and why. */
@Command(
    name = "doctor",
    description = "Shows what this machine offers, and what Attune chose for it and why.",
    footer = {"", "Example:", "  attune doctor --json"})
public final class DoctorCommand implements Callable<Integer> {
  private static final int SIDE = 1024;

  /** Where bfloat16 is emulated a product of {@link #SIDE} takes half a minute. */
  private static final int SIDE_IF_EMULATED = 192;

  private static final double GIB = 1L << 30;
  private static final String SMALLEST_TOKENIZER =
      """
      {"version": "1.0", "added_tokens": [],
       "pre_tokenizer": {"type": "Whitespace"},
       "model": {"type": "WordLevel", "vocab": {"well": 0, "[UNK]": 1}, "unk_token": "[UNK]"}}
      """;

  @Spec private CommandSpec spec;

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      description = "Where runs go, to show the space there; default the current folder.")
  private Path runs = Path.of(".");

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  private DoctorCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Object> findings = new LinkedHashMap<>();
    findings.put("attune", CodeVersion.current());
    findings.put("java", Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
    findings.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    findings.put("processor", Machine.processorName());
    findings.put("processors", Machine.processors());
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    findings.put("memory_gib", gib(system.getTotalMemorySize()));
    findings.put("memory_free_gib", gib(system.getFreeMemorySize()));
    findings.put("java_heap_max_gib", gib(Runtime.getRuntime().maxMemory()));
    findings.put("disk_free_gib", gib(Files.getFileStore(runs).getUsableSpace()));
    findings.put("libtorch", libtorchVersion());
    findings.put("tokenizers", tokenizerLibrary());
    ComputePlan plan = ComputePlan.of(TrainingConfig.builder().build());
    findings.put("replicas", plan.replicas());
    findings.put("threads_per_operator", 1);
    findings.put("dtype", plan.dtype().name().toLowerCase(Locale.ROOT));
    findings.put("reason", plan.reason());
    spec.commandLine().getErr().println("Measuring matrix products …");
    findings.put("matmul_gflops", matmulPeaks());
    if (json) {
      JsonOutput.print(out, findings);
    } else {
      findings.forEach((name, value) -> print(name, value, out));
      out.flush();
    }
    return 0;
  }

  private static void print(String name, Object value, PrintWriter out) {
    if (value instanceof Map<?, ?> parts) {
      parts.forEach((part, number) -> print(name + "." + part, number, out));
    } else {
      out.println("%-32s%s".formatted(name, value));
    }
  }

  private static double gib(long bytes) {
    return Math.round(bytes / GIB * 10) / 10.0;
  }

  /** As the library's own jar says; the native code has no name for it in Java. */
  private static String libtorchVersion() throws IOException {
    Properties jar = new Properties();
    try (InputStream resource =
        DoctorCommand.class.getResourceAsStream(
            "/META-INF/maven/org.bytedeco/pytorch/pom.properties")) {
      if (resource != null) {
        jar.load(resource);
      }
    }
    return jar.getProperty("version", "unknown");
  }

  private static String tokenizerLibrary() throws IOException {
    Path folder = Files.createTempDirectory("attune-doctor");
    Path file = folder.resolve("tokenizer.json");
    try {
      Files.writeString(file, SMALLEST_TOKENIZER);
      try (Tokenizer tokenizer = Tokenizer.load(folder)) {
        return tokenizer.encode("well").length == 1 ? "works" : "loads, but gives wrong tokens";
      }
    } catch (RuntimeException | LinkageError e) {
      return "does not load: " + e;
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }

  private static Map<String, Double> matmulPeaks() {
    Map<String, Double> peaks = new LinkedHashMap<>();
    try (Workers one = new Workers(1);
        Workers all = Workers.forMachine()) {
      peaks.put("fp32_one_core", measured(DType.FLOAT32, one));
      peaks.put("fp32_all_workers", measured(DType.FLOAT32, all));
      peaks.put("bf16_one_core", measured(DType.BFLOAT16, one));
      peaks.put("bf16_all_workers", measured(DType.BFLOAT16, all));
    }
    return peaks;
  }

  private static double measured(DType type, Workers workers) {
    boolean isNative = type == DType.FLOAT32 || Machine.multipliesBfloat16();
    double peak = Machine.measuredMatmulPeak(type, workers, isNative ? SIDE : SIDE_IF_EMULATED);
    return Math.round(peak * 10) / 10.0;
  }
}
