package org.attune.server;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A real PostgreSQL of a test's own, from Debian's package. It refuses to run as root, so root
 * starts it as the user {@code postgres}.
 */
public final class PostgreSqlCluster implements AutoCloseable {

  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

  private final Path programs;
  private final Path folder;
  private final int port;
  private int databases;

  private PostgreSqlCluster(Path programs, Path folder, int port) {
    this.programs = programs;
    this.folder = folder;
    this.port = port;
  }

  public static PostgreSqlCluster start() {
    try {
      Path folder = Files.createTempDirectory("attune-postgresql");
      if (isRoot()) {
        run(List.of("chown", "postgres", folder.toString()));
      }
      int port;
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      PostgreSqlCluster cluster = new PostgreSqlCluster(programs(), folder, port);
      cluster.postgres(
          "initdb", "-D", cluster.data(), "-A", "trust", "-U", "postgres", "--no-sync");
      cluster.startProcess();
      return cluster;
    } catch (IOException e) {
      throw new AssertionError("PostgreSQL cannot be started", e);
    }
  }

  private static Path programs() throws IOException {
    if (!Files.isDirectory(VERSIONS)) {
      throw new AssertionError(
          "PostgreSQL is not installed. Run ./dev setup, or install Debian's package postgresql.");
    }
    try (Stream<Path> versions = Files.list(VERSIONS)) {
      return versions.max(Comparator.naturalOrder()).orElseThrow().resolve("bin");
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  /** Starts the database again after {@link #kill}. */
  public void startProcess() {
    postgres(
        "pg_ctl",
        "-D",
        data(),
        "-w",
        "-l",
        folder.resolve("log").toString(),
        "-o",
        "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + folder,
        "start");
  }

  /** Ends it at once, as a crash does. */
  public void kill() {
    postgres("pg_ctl", "-D", data(), "-m", "immediate", "stop");
  }

  /**
   * Ends all its processes with {@code kill -9}, the first of them too: nobody is asked, nothing is
   * put in order.
   */
  public void killProcesses() {
    try {
      long pid =
          Long.parseLong(Files.readAllLines(Path.of(data()).resolve("postmaster.pid")).get(0));
      ProcessHandle first = ProcessHandle.of(pid).orElseThrow();
      List<ProcessHandle> all = new ArrayList<>(List.of(first));
      all.addAll(first.descendants().toList());
      all.forEach(ProcessHandle::destroyForcibly);
      for (ProcessHandle process : all) {
        process.onExit().get(1, TimeUnit.MINUTES);
      }
    } catch (IOException | ExecutionException | TimeoutException e) {
      throw new AssertionError("PostgreSQL cannot be killed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("PostgreSQL was not killed", e);
    }
  }

  /** A new database. */
  public ServerOptions.PostgreSql database() {
    return created("template0");
  }

  /** A new database with what is in another one, to which nobody is connected. */
  public ServerOptions.PostgreSql copyOf(ServerOptions.PostgreSql original) {
    return created(original.address().replaceFirst(".*/", ""));
  }

  private ServerOptions.PostgreSql created(String template) {
    String name = "attune" + ++databases;
    postgres(
        "createdb",
        "-h",
        "127.0.0.1",
        "-p",
        Integer.toString(port),
        "-U",
        "postgres",
        "-T",
        template,
        name);
    return new ServerOptions.PostgreSql(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + name, "postgres", "");
  }

  private void postgres(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    run(command);
  }

  private static void run(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(Path.of("/tmp").toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new AssertionError(command + " failed");
      }
    } catch (IOException e) {
      throw new AssertionError(command + " cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(command + " was interrupted", e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
