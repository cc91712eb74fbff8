package org.attune.cli.quickstart;

import java.io.PrintWriter;

/** Tells what is being done, and why. */
final class Narrator {
  private final PrintWriter messages;
  private int step;

  Narrator(PrintWriter messages) {
    this.messages = messages;
  }

  /** Begins a step. */
  void step(String heading, String why) {
    step++;
    messages.println();
    messages.println(step + " · " + heading);
    messages.println("    " + why);
    messages.flush();
  }

  /** Tells what came of it. */
  void result(String result) {
    messages.println("    → " + result);
    messages.flush();
  }
}
