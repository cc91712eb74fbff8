package org.attune.cli.quickstart;

import java.util.List;

/** Scores continuations of prompts; higher is better. */
@FunctionalInterface
interface Judge {
  double[] score(List<String> prompts, List<String> completions);
}
