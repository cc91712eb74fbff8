package org.attune.server.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.attune.server.ServerProcess;

/** A small file system of its own for one server, which sees it at a folder and fills it up. */
final class Disk {

  private static final int BLOCK = 4096;

  private final Path folder;

  Disk(Path folder) {
    this.folder = folder;
  }

  /** What starts a program so that the folder is the small file system to it. */
  List<String> prefix(int megabytes) {
    return List.of(
        "unshare",
        "--map-root-user",
        "--mount",
        "bash",
        "-c",
        "mount -t tmpfs -o size=" + megabytes + "m tmpfs \"$0\" && exec \"$@\"",
        folder.toString());
  }

  /** The folder as that program sees it. */
  private Path seenBy(ServerProcess server) {
    return Path.of("/proc/" + server.pid() + "/root" + folder);
  }

  /** Leaves no space. */
  void fill(ServerProcess server) {
    try (OutputStream out = Files.newOutputStream(ballast(server))) {
      byte[] block = new byte[BLOCK];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      // it is full
    }
  }

  /** Gives the space back. */
  void clear(ServerProcess server) throws IOException {
    Files.delete(ballast(server));
  }

  /** Copies the embedded database, with its write-ahead log, to where everybody sees it. */
  void copyTo(ServerProcess server, Path target) throws IOException {
    for (String name : List.of("attune.db", "attune.db-wal")) {
      Files.copy(seenBy(server).resolve(name), target.resolve(name));
    }
  }

  private Path ballast(ServerProcess server) {
    return seenBy(server).resolve("ballast");
  }
}
