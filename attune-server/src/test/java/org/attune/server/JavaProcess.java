package org.attune.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the tests in a process of its own, which tells by lines how far it is. */
public final class JavaProcess implements AutoCloseable {

  private final Process process;
  private final Path log;
  private final BufferedReader out;

  private JavaProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
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
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    // receivers of tests are on this machine
    builder.environment().put("ATTUNE_PRIVATE_WEBHOOKS", "true");
    return new JavaProcess(builder.start(), log);
  }

  /** The next line that begins so; empty if the program ended before it wrote one. */
  public String line(String beginning) throws IOException {
    String line = out.readLine();
    while (line != null && !line.startsWith(beginning)) {
      line = out.readLine();
    }
    return line == null ? "" : line;
  }

  /** What it wrote to standard error. */
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
