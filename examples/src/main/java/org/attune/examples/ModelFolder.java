package org.attune.examples;

import java.nio.file.Path;

/** The model of an example that has none among the bundled ones. */
final class ModelFolder {
  private ModelFolder() {}

  static Path of(String[] arguments, String what) {
    if (arguments.length == 0) {
      throw new IllegalArgumentException(
          "Name the folder of %s, with config.json, model.safetensors and tokenizer.json."
              .formatted(what));
    }
    return Path.of(arguments[0]);
  }
}
