package org.attune.benchmarks;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.attune.train.session.Progress;

/** Notes when each step of a training ends. */
final class StepClock implements Progress {
  private static final double NANOS = 1e9;
  private static final double KIB_IN_MIB = 1024;

  /** What a trainer says of its packed rows before the first step. */
  private static final Pattern ROWS =
      Pattern.compile("(\\S+) sequences to learn with (\\S+) tokens");

  private final SftWork work;
  private final Instant started;
  private final List<Instant> ends = new ArrayList<>();
  private double tokensOfStep = Double.NaN;
  private double firstLoss = Double.NaN;
  private double peakMemory = Double.NaN;

  /**
   * Runs the measurement.
   *
   * @param started when the process was asked for
   */
  StepClock(SftWork work, Instant started) {
    this.work = work;
    this.started = started;
  }

  /**
   * What was measured.
   *
   * @param tokensPerSecond over the second half of the steps
   * @param tokensPerStep in the mean over all packed rows
   * @param peakMemory most memory resident until the end of the last step, in MiB
   * @param firstStep seconds from the process's start to the end of its first step
   * @param firstLoss of the first step, for comparing what was computed
   */
  record Measured(
      @JsonProperty("tokens_per_second") double tokensPerSecond,
      @JsonProperty("tokens_per_step") double tokensPerStep,
      @JsonProperty("peak_rss_mib") double peakMemory,
      @JsonProperty("first_step_seconds") double firstStep,
      @JsonProperty("first_loss") double firstLoss,
      @JsonProperty("step_seconds") List<Double> steps) {}

  @Override
  public void note(String fact) {
    Matcher rows = ROWS.matcher(fact);
    if (rows.find()) {
      tokensOfStep = work.batchSize() * number(rows.group(2)) / number(rows.group(1));
    }
  }

  private static double number(String grouped) {
    return Double.parseDouble(grouped.replaceAll("\\D", ""));
  }

  @Override
  public void report(String what, long done, long total, Map<String, Double> figures) {
    ends.add(Instant.now());
    if (done == 1) {
      firstLoss = figures.getOrDefault("loss", Double.NaN);
    }
    if (done == total) {
      peakMemory = peakMemory(); // before the checkpoint, which the peer does not write
    }
  }

  Measured measured() {
    int half = ends.size() / 2;
    double seconds = seconds(ends.get(half - 1), ends.get(ends.size() - 1));
    List<Double> steps = new ArrayList<>();
    for (int i = 1; i < ends.size(); i++) {
      steps.add(seconds(ends.get(i - 1), ends.get(i)));
    }
    return new Measured(
        tokensOfStep * (ends.size() - half) / seconds,
        tokensOfStep,
        peakMemory,
        seconds(started, ends.get(0)),
        firstLoss,
        steps);
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / NANOS;
  }

  private static double peakMemory() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> number(line) / KIB_IN_MIB)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      throw new UncheckedIOException("Peak memory is known on Linux only", e);
    }
  }
}
