package org.attune.server.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A backup or a restore in a process of its own, for tests that kill it. */
public final class BackupProcess {

  private BackupProcess() {}

  public static void main(String[] arguments) {
    Store store = new Store(Path.of(arguments[1]), null);
    Path file = Path.of(arguments[2]);
    Progress told =
        (what, done, total) -> {
          System.out.println(what);
          System.out.flush();
        };
    if (arguments[0].equals("backup")) {
      Backup.write(store, file, told);
    } else {
      Restore.run(file, store, told);
    }
  }

  static Process start(String what, Store store, Path file) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx64m"); // far less than the data
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(BackupProcess.class.getName(), what, store.data().toString(), file.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
