package org.attune.data.hub;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder of files as they are, or would be, in a repository. */
final class HubSnapshot {
  private HubSnapshot() {}

  /** All files below a folder, by their paths with {@code /}, in order. */
  static List<HubFile> files(Path folder) {
    try (Stream<Path> paths = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> new HubFile(name(folder, path), path.toFile().length()))
          .sorted((one, other) -> one.path().compareTo(other.path()))
          .toList();
    } catch (IOException e) {
      throw HubCache.unusable(folder, e);
    }
  }

  private static String name(Path folder, Path path) {
    return folder.relativize(path).toString().replace(folder.getFileSystem().getSeparator(), "/");
  }
}
