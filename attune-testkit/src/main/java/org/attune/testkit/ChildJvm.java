package org.attune.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A program in a JVM of its own, for tests that kill it.
 *
 * <p>The child runs with the class path and the {@code attune.*} properties of the test. Closing it
 * kills it, so none outlives its test.
 */
public final class ChildJvm implements AutoCloseable {
  private static final List<String> HEED_INTERRUPTS = List.of("env", "--default-signal=INT");
  private static final Path OWN_STATUS = Path.of("/proc/self/status");
  private static final long INTERRUPT = 1 << 1; // signal 2, in the masks of the status

  private final Process process;
  private final Lines output;
  private final Lines errors;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = new Lines(process.getInputStream());
    this.errors = new Lines(process.getErrorStream());
  }

  /** Starts the {@code main} method of {@code program}. */
  public static ChildJvm start(Class<?> program, String... arguments) {
    List<String> command = new ArrayList<>(interruptIsIgnored() ? HEED_INTERRUPTS : List.of());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    command.add("-XX:+UseSerialGC");
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith("attune.")) {
        command.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    try {
      return new ChildJvm(new ProcessBuilder(command).start());
    } catch (IOException failure) {
      throw new UncheckedIOException("A child JVM cannot be started", failure);
    }
  }

  /**
   * Whether this JVM ignores what Ctrl-C sends, as programs do that a shell started in the
   * background. A child would inherit that, and no JVM takes it back.
   */
  private static boolean interruptIsIgnored() {
    if (!Files.isReadable(OWN_STATUS)) {
      return false; // only Linux tells
    }
    try (Stream<String> lines = Files.lines(OWN_STATUS)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .mapToLong(line -> Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16))
          .anyMatch(ignored -> (ignored & INTERRUPT) != 0);
    } catch (IOException failure) {
      throw new UncheckedIOException(OWN_STATUS + " cannot be read", failure);
    }
  }

  /**
   * Waits for a line on the child's standard output.
   *
   * @return the first line that holds {@code text}
   * @throws AssertionError if the child ends or the time is up before
   */
  public String awaitOutput(String text, Duration timeout) {
    return output.await(line -> line.contains(text), timeout, () -> describe("printed " + text));
  }

  /** Ends the child as {@code kill -9} does: it gets no chance to clean up. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd(Duration.ofSeconds(30));
  }

  /** Sends what Ctrl-C sends. */
  public void interrupt() {
    try {
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    } catch (IOException failure) {
      throw new UncheckedIOException("The program kill cannot be run", failure);
    } catch (InterruptedException interruption) {
      throw interrupted(interruption);
    }
  }

  /**
   * Waits for the end of the child.
   *
   * @return its exit code, or 128 plus the signal that ended it
   * @throws AssertionError if the time is up before
   */
  public int awaitExit(Duration timeout) {
    awaitEnd(timeout);
    return process.exitValue();
  }

  /** What the child wrote to its standard output so far. */
  public List<String> output() {
    return output.soFar();
  }

  /** What the child wrote to its standard error so far. */
  public List<String> errors() {
    return errors.soFar();
  }

  @Override
  public void close() {
    kill();
  }

  private void awaitEnd(Duration timeout) {
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(describe("ended within " + timeout.toSeconds() + " s"));
      }
      output.join();
      errors.join();
    } catch (InterruptedException interruption) {
      throw interrupted(interruption);
    }
  }

  private String describe(String expectation) {
    return "The child JVM has not "
        + expectation
        + ". Output:\n"
        + String.join("\n", output())
        + "\nErrors:\n"
        + String.join("\n", errors());
  }

  private static AssertionError interrupted(InterruptedException interruption) {
    Thread.currentThread().interrupt();
    return new AssertionError("The test was interrupted while a child JVM ran", interruption);
  }

  /** The lines of one stream, read as they come so that the child never waits for a full pipe. */
  private static final class Lines {
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;
    private boolean ended;

    Lines(InputStream stream) {
      reader = new Thread(() -> read(stream), "child JVM output");
      reader.setDaemon(true);
      reader.start();
    }

    private void read(InputStream stream) {
      try (BufferedReader text =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        for (String line = text.readLine(); line != null; line = text.readLine()) {
          add(line);
        }
      } catch (IOException closed) {
        add("[the stream broke: " + closed.getMessage() + "]");
      } finally {
        end();
      }
    }

    private synchronized void add(String line) {
      lines.add(line);
      notifyAll();
    }

    private synchronized void end() {
      ended = true;
      notifyAll();
    }

    synchronized List<String> soFar() {
      return List.copyOf(lines);
    }

    String await(Predicate<String> wanted, Duration timeout, Supplier<String> failure) {
      String found = find(wanted, timeout);
      if (found.isEmpty()) {
        throw new AssertionError(failure.get());
      }
      return found;
    }

    private synchronized String find(Predicate<String> wanted, Duration timeout) {
      long deadline = System.nanoTime() + timeout.toNanos();
      int next = 0;
      while (true) {
        for (; next < lines.size(); next++) {
          if (wanted.test(lines.get(next))) {
            return lines.get(next);
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (ended || left <= 0) {
          return "";
        }
        try {
          wait(left);
        } catch (InterruptedException interruption) {
          throw interrupted(interruption);
        }
      }
    }

    void join() throws InterruptedException {
      reader.join();
    }
  }
}
