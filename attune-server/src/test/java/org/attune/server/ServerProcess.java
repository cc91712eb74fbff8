package org.attune.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.attune.server.account.FirstStart;
import org.jspecify.annotations.Nullable;

/** A server in a process of its own, for tests that kill it. */
public final class ServerProcess implements AutoCloseable {

  private final JavaProcess process;
  private final String address;

  private ServerProcess(JavaProcess process, String address) {
    this.process = process;
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
  public static ServerProcess over(Path folder) throws IOException, InterruptedException {
    return over(folder, null);
  }

  /** A server over a PostgreSQL database, or over the embedded one. */
  public static ServerProcess over(Path folder, ServerOptions.@Nullable PostgreSql database)
      throws IOException, InterruptedException {
    return over(folder, database, List.of());
  }

  /**
   * A server in surroundings of its own.
   *
   * @param prefix what starts Java: a command and its arguments, none for Java itself
   */
  public static ServerProcess over(
      Path folder, ServerOptions.@Nullable PostgreSql database, List<String> prefix)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(folder.toString()));
    if (database != null) {
      arguments.addAll(List.of(database.address(), database.user()));
    }
    JavaProcess process = JavaProcess.start(prefix, ServerProcess.class, arguments);
    return new ServerProcess(process, process.line("http"));
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
    return process.log();
  }

  public long pid() {
    return process.pid();
  }

  /** Ends it at once, as {@code kill -9} does. */
  public void kill() throws InterruptedException {
    process.kill();
  }

  /** Asks it to end, as {@code kill} does. */
  public void terminate() {
    process.terminate();
  }

  /** The exit status, once it ended. */
  public int exitStatus() throws InterruptedException {
    return process.exitStatus();
  }

  @Override
  public void close() {
    process.close();
  }
}
