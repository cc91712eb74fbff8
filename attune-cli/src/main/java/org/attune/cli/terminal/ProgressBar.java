package org.attune.cli.terminal;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.attune.train.session.Progress;

/**
 * Shows how far long work has come: share, steps, rate, time left and the newest figures. A
 * terminal gets one line that is drawn over and over, a file a plain line every few seconds.
 */
public final class ProgressBar implements Progress, AutoCloseable {
  private static final int WIDTH = 20;
  private static final int SHOWN_FIGURES = 4;
  private static final List<String> FIRST =
      List.of("loss", "accuracy", "reward", "kl", "grad_norm", "learning_rate");

  private final PrintWriter err;
  private final boolean isTerminal;
  private final LongSupplier nanoTime;
  private final long pause;
  private String work = "";
  private long firstDone;
  private long firstTime;
  private long shownTime;
  private boolean lineIsOpen;

  ProgressBar(PrintWriter err, boolean isTerminal, LongSupplier nanoTime) {
    this.err = err;
    this.isTerminal = isTerminal;
    this.nanoTime = nanoTime;
    pause = (isTerminal ? Duration.ofMillis(100) : Duration.ofSeconds(5)).toNanos();
  }

  /** A bar on the standard error that {@code err} writes to. */
  public static ProgressBar on(PrintWriter err) {
    return new ProgressBar(err, errorIsTerminal(), System::nanoTime);
  }

  /** Java has no word for it; Linux tells of each stream. */
  private static boolean errorIsTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false; // plain lines are right anywhere
    }
  }

  @Override
  public void report(String what, long done, long total, Map<String, Double> figures) {
    long now = nanoTime.getAsLong();
    boolean begins = !what.equals(work);
    if (begins) {
      close();
      work = what;
      firstDone = done;
      firstTime = now;
    } else if (done < total && now - shownTime < pause) {
      return;
    }
    shownTime = now;
    String line = line(what, done, total, figures, (now - firstTime) / 1e9);
    if (isTerminal) {
      err.print("\r" + line + "\u001b[K"); // clears what a longer line left
      err.flush();
      lineIsOpen = true;
    } else {
      err.println(line);
    }
    if (done >= total) {
      close();
      work = "";
    }
  }

  @Override
  public void note(String fact) {
    close();
    err.println(fact);
  }

  /** Ends the line, so that what is printed next stands on its own. */
  @Override
  public void close() {
    if (lineIsOpen) {
      err.println();
      lineIsOpen = false;
    }
  }

  private String line(
      String what, long done, long total, Map<String, Double> figures, double seconds) {
    double share = total == 0 ? 1 : (double) done / total;
    int filled = (int) (share * WIDTH);
    String bar = isTerminal ? " " + "█".repeat(filled) + "░".repeat(WIDTH - filled) : "";
    double rate = seconds > 0 ? (done - firstDone) / seconds : 0;
    String speed =
        rate > 0
            ? String.format(
                Locale.ROOT, "  %.3g steps/s  %s left", rate, clock((total - done) / rate))
            : "";
    return String.format(
            Locale.ROOT, "%s%s %3.0f %%  %,d/%,d%s", what, bar, 100 * share, done, total, speed)
        + shown(figures);
  }

  private static String shown(Map<String, Double> figures) {
    Stream<String> first = FIRST.stream().filter(figures::containsKey);
    Stream<String> others =
        figures.keySet().stream().filter(name -> !FIRST.contains(name)).sorted();
    return Stream.concat(first, others)
        .limit(SHOWN_FIGURES)
        .map(name -> String.format(Locale.ROOT, "  %s %.4g", name, figures.get(name)))
        .collect(Collectors.joining());
  }

  private static String clock(double seconds) {
    long whole = Math.round(seconds);
    return whole >= 3600
        ? "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60)
        : "%d:%02d".formatted(whole / 60, whole % 60);
  }
}
