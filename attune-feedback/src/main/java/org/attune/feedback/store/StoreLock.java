package org.attune.feedback.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Lets one writer at a time into a store. The system frees the lock when the process ends. */
final class StoreLock implements Closeable {

  /*
   * Closing any channel of a file frees the locks that the whole process holds on it, so a second
   * attempt from this process must not even open the file.
   */
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private StoreLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  static StoreLock acquire(Path folder) throws IOException {
    Path real = folder.toRealPath();
    long ownProcess = ProcessHandle.current().pid();
    if (!HELD_HERE.add(real)) {
      throw taken(folder, "this process (" + ownProcess + ")");
    }
    Path file = real.resolve("store.lock");
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw taken(folder, "process " + Files.readString(file).strip());
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((ownProcess + "\n").getBytes(StandardCharsets.UTF_8)), 0);
      return new StoreLock(real, channel);
    } catch (IOException | FeedbackStoreException e) {
      HELD_HERE.remove(real);
      if (channel != null) {
        channel.close();
      }
      throw e;
    }
  }

  private static FeedbackStoreException taken(Path folder, String owner) {
    return new FeedbackStoreException(
        folder
            + " is already open for writing by "
            + owner
            + ". Close it there, or look at it with FileStore.read, which needs no lock.");
  }

  @Override
  public void close() throws IOException {
    HELD_HERE.remove(folder);
    channel.close();
  }
}
