package org.attune.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the tests in a process of its own, which tells by lines how far it is. */
public final class JavaProcess implements AutoCloseable {

  private static final long PAUSE_MILLIS = 5;

  private final Process process;
  private final Path log;

  private JavaProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a program.
   *
   * @param prefix what starts Java: a command and its arguments, none for Java itself
   */
  public static JavaProcess start(List<String> prefix, Class<?> main, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(arguments);
    Path log = Files.createTempFile("attune-server", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    // receivers of tests are on this machine
    builder.environment().put("ATTUNE_PRIVATE_WEBHOOKS", "true");
    return new JavaProcess(builder.start(), log);
  }

  /** The first whole line that begins so; empty if the program ended before it wrote one. */
  public String line(String beginning) throws IOException, InterruptedException {
    while (true) {
      boolean isAlive = process.isAlive();
      List<String> lines = List.of(log().split("\n", -1));
      for (String line : lines.subList(0, lines.size() - 1)) {
        if (line.startsWith(beginning)) {
          return line;
        }
      }
      if (!isAlive) {
        return "";
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /** What it wrote. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  public long pid() {
    return process.pid();
  }

  /** Ends it at once, as {@code kill -9} does. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to end, as {@code kill} does. */
  public void terminate() {
    process.destroy();
  }

  /** The exit status, once it ended. */
  public int exitStatus() throws InterruptedException {
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("the program ends").isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
