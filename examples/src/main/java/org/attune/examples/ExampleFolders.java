package org.attune.examples;

import java.nio.file.Path;

/**
 * Where an example reads and writes. Its arguments are {@code [OUT [BUNDLED]]}.
 *
 * @param bundled the folder {@code bundled} of the checkout, by default below the system property
 *     {@code attune.root} or the working directory
 * @param out what the example makes, by default in {@code runs}; a run folder must be new
 */
record ExampleFolders(Path bundled, Path out) {
  static ExampleFolders of(String[] arguments, String name) {
    Path root = Path.of(System.getProperty("attune.root", ""));
    return new ExampleFolders(
        arguments.length > 1 ? Path.of(arguments[1]) : root.resolve("bundled"),
        arguments.length > 0 ? Path.of(arguments[0]) : root.resolve("runs").resolve(name));
  }

  /** A language model of 260,000 parameters: small enough to be trained in seconds. */
  Path model() {
    return bundled.resolve("stories260k");
  }
}
