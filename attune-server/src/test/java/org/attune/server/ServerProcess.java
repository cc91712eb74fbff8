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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.attune.server.account.FirstStart;
import org.jspecify.annotations.Nullable;

/** A server in a process of its own, for tests that kill it. */
public final class ServerProcess implements AutoCloseable {

  private final Process process;
  private final Path log;
  private final String address;

  private ServerProcess(Process process, Path log, String address) {
    this.process = process;
    this.log = log;
    this.address = address;
  }

  /** Prints the server's address when it serves, and goes on until it is ended. */
  public static void main(String[] arguments) {
    AttuneServer server =
        AttuneServer.start(
            new ServerOptions(
                "127.0.0.1",
                0,
                Path.of(arguments[0]),
                arguments.length == 1
                    ? null
                    : new ServerOptions.PostgreSql(arguments[1], arguments[2], ""),
                new FirstStart.Owner("owner", "owner's password", TestServer.OWNER_KEY)));
    System.out.println(server.address());
    System.out.flush();
  }

  /** A server over what is in a folder. */
  public static ServerProcess over(Path folder) throws IOException {
    return over(folder, null, List.of());
  }

  /**
   * A server over a PostgreSQL database, or over the embedded one.
   *
   * @param prefix what starts Java: a command and its arguments, none for Java itself
   */
  public static ServerProcess over(
      Path folder, ServerOptions.@Nullable PostgreSql database, List<String> prefix)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
    command.add(ServerProcess.class.getName());
    command.add(folder.toString());
    if (database != null) {
      command.addAll(List.of(database.address(), database.user()));
    }
    Path log = Files.createTempFile("attune-server", ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    // receivers of tests are on this machine
    builder.environment().putAll(Map.of("ATTUNE_PRIVATE_WEBHOOKS", "true"));
    Process process = builder.start();
    return new ServerProcess(process, log, address(process));
  }

  private static String address(Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith("http")) {
      line = out.readLine();
    }
    return line == null ? "" : line;
  }

  /** Where it serves; empty if it ended before it did. */
  public String address() {
    return address;
  }

  public Caller owner() {
    return new Caller(address, TestServer.OWNER_KEY);
  }

  /** What it wrote to its log. */
  public String log() throws IOException {
    return Files.readString(log);
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
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("the server ends").isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
