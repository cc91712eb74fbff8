package org.attune.cli.generate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A text on the command line, where {@code -} stands for standard input. */
final class PromptText {
  private PromptText() {}

  static String of(String argument) {
    if (!argument.equals("-")) {
      return argument;
    }
    try {
      return new String(System.in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Standard input cannot be read: " + e.getMessage(), e);
    }
  }
}
