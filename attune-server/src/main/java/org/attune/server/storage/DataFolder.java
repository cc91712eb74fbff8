package org.attune.server.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A data folder that belongs to one program at a time. The system lets go of it when the program
 * ends, however it does.
 */
public final class DataFolder implements AutoCloseable {

  private final FileChannel channel;

  private DataFolder(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes the folder, if need be, and keeps others out of it.
   *
   * @throws StorageException if another program has it, or it cannot be written
   */
  public static DataFolder take(Path folder) {
    FileChannel channel;
    try {
      Files.createDirectories(folder);
      channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new StorageException(
          "The data folder "
              + folder
              + " cannot be written: "
              + e
              + ". Choose another, or give the server's user the right to write there.",
          e);
    }
    if (lock(channel) == null) {
      throw new StorageException(
          "The data folder "
              + folder
              + " is used by another server. Stop that one, or choose another folder.",
          null);
    }
    return new DataFolder(channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
      }
      return lock;
    } catch (OverlappingFileLockException e) {
      close(channel);
      return null; // this very program has it
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
  }
}
