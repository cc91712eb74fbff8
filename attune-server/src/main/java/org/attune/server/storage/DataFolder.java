package org.attune.server.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A data folder that belongs to one program at a time. The system lets go of it when the program
 * ends, however it does.
 */
public final class DataFolder implements AutoCloseable {

  /** Of this program: to close a second channel to a file would end the lock through the first. */
  private static final Set<Path> TAKEN = ConcurrentHashMap.newKeySet();

  private final FileChannel channel;
  private final Path taken;

  private DataFolder(FileChannel channel, Path taken) {
    this.channel = channel;
    this.taken = taken;
  }

  /**
   * Makes the folder, if need be, and keeps others out of it.
   *
   * @throws StorageException if another program has it, or it cannot be written
   */
  public static DataFolder take(Path folder) {
    Path taken;
    try {
      Files.createDirectories(folder);
      taken = folder.toRealPath();
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
    if (!TAKEN.add(taken)) {
      throw used(folder);
    }
    boolean done = false;
    try {
      DataFolder mine = new DataFolder(locked(folder), taken);
      done = true;
      return mine;
    } finally {
      if (!done) {
        TAKEN.remove(taken);
      }
    }
  }

  private static FileChannel locked(Path folder) {
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
    if (lock(channel) == null) {
      throw used(folder);
    }
    return channel;
  }

  private static StorageException unwritable(Path folder, IOException e) {
    return new StorageException(
        "The data folder "
            + folder
            + " cannot be written: "
            + e
            + ". Choose another, or give the server's user the right to write there.",
        e);
  }

  private static StorageException used(Path folder) {
    return new StorageException(
        "The data folder "
            + folder
            + " is used by another server. Stop that one, or choose another folder.",
        null);
  }

  private static @Nullable FileLock lock(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
      }
      return lock;
    } catch (IOException e) {
      close(channel);
      throw StorageFault.of(e);
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw StorageFault.of(e);
    }
  }

  @Override
  public void close() {
    close(channel);
    TAKEN.remove(taken);
  }
}
