package org.attune.data.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/**
 * One repository's part of the cache, in the layout that Python's huggingface_hub reads and writes:
 *
 * <pre>
 * models--org--name/refs/main                       the commit that the branch was
 * models--org--name/blobs/HASH                      a file's content
 * models--org--name/snapshots/COMMIT/config.json    a relative link to its content
 * </pre>
 */
final class HubCache {
  private static final long LOCK_POLL_MILLIS = 100;

  private final Path folder;
  private final Path locks;

  HubCache(Path cache, HubReference reference) {
    String name = reference.type().plural() + "--" + reference.id().replace("/", "--");
    folder = cache.resolve(name);
    locks = cache.resolve(".locks").resolve(name);
  }

  /** The commit that a revision was when it was last asked for. */
  Optional<String> commit(HubReference reference) {
    if (reference.isPinned()) {
      return Optional.of(reference.revision());
    }
    try {
      Path ref = HubPath.below(folder.resolve("refs"), reference.revision());
      return Files.isRegularFile(ref)
          ? Optional.of(Files.readString(ref).strip()).filter(HubReference::isCommit)
          : Optional.empty();
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  /** Notes what a revision is now. */
  void rememberCommit(HubReference reference, String commit) {
    if (reference.isPinned()) {
      return;
    }
    Path ref = HubPath.below(folder.resolve("refs"), reference.revision());
    if (commit(reference).filter(commit::equals).isPresent()) {
      return;
    }
    try {
      Path parent = ref.resolveSibling("");
      Files.createDirectories(parent);
      Path temporary = parent.resolve("." + UUID.randomUUID() + ".tmp");
      Files.write(temporary, commit.getBytes(UTF_8));
      Files.move(
          temporary, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unusable(ref, e);
    }
  }

  Path snapshot(String commit) {
    return folder.resolve("snapshots").resolve(commit);
  }

  /** A file of a snapshot, whether it is there or not. */
  Path file(String commit, String path) {
    return HubPath.below(snapshot(commit), path);
  }

  Path blob(BlobHash hash) {
    return folder.resolve("blobs").resolve(hash.name());
  }

  /** Makes a blob appear in a snapshot. */
  Path link(String commit, String path, BlobHash hash) {
    Path file = file(commit, path);
    Path blob = blob(hash);
    Path parent = file.resolveSibling("");
    Path target = parent.relativize(blob);
    try {
      Files.createDirectories(parent);
      if (Files.isSymbolicLink(file) && Files.readSymbolicLink(file).equals(target)) {
        return file;
      }
      Path temporary = parent.resolve("." + UUID.randomUUID() + ".tmp");
      try {
        Files.createSymbolicLink(temporary, target);
      } catch (UnsupportedOperationException | FileSystemException e) {
        Files.copy(blob, temporary); // Windows without the right to link
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  /** What one process does at a time. */
  interface Work {
    void run() throws IOException;
  }

  /** Does what no other process that asks here may do for the same blob meanwhile. */
  void locked(BlobHash hash, Work work) {
    Path lock = locks.resolve(hash.name() + ".lock");
    try {
      Files.createDirectories(locks);
      Files.createDirectories(folder.resolve("blobs"));
      try (FileChannel channel =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = wait(channel)) {
        if (held.isValid()) {
          work.run();
        }
      }
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  /** Threads of one process see each other's locks as an error, so they ask again. */
  private static FileLock wait(FileChannel channel) throws IOException {
    while (true) {
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException e) {
        // held by another thread
      }
      try {
        Thread.sleep(LOCK_POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while another download of the same file went on", e);
      }
    }
  }

  static UncheckedIOException unusable(Path path, IOException e) {
    return new UncheckedIOException(
        "The cache cannot be used at %s: %s. It must be writable and have free space; HF_HUB_CACHE names another folder."
            .formatted(path, e),
        e);
  }
}
