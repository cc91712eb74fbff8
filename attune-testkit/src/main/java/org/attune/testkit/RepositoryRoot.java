package org.attune.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of the checkout, which the build hands to tests as the property {@code attune.root}.
 */
final class RepositoryRoot {
  private static final String PROPERTY = "attune.root";

  private RepositoryRoot() {}

  /** Returns {@code relative} below the root, which must exist. */
  static Path resolve(String relative, String remedy) {
    String root = System.getProperty(PROPERTY);
    if (root == null) {
      throw new AssertionError(
          "The property "
              + PROPERTY
              + " is not set. Maven sets it; elsewhere run with -D"
              + PROPERTY
              + "=<folder of the checkout>.");
    }
    Path path = Path.of(root).resolve(relative);
    if (!Files.exists(path)) {
      throw new AssertionError(path + " does not exist. " + remedy);
    }
    return path;
  }
}
