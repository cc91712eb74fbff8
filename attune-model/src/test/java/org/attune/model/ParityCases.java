package org.attune.model;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;

/** The models that transformers computed goldens of. */
final class ParityCases {
  /** Cases of {@code parity/recipes/families.py}, each named for its family. */
  private static final List<String> FAMILIES =
      List.of(
          "gpt2",
          "llama",
          "mistral",
          "qwen2",
          "qwen3",
          "smollm3",
          "gemma",
          "gemma2",
          "gemma3_text",
          "phi3",
          "olmo2");

  private ParityCases() {}

  /** Goldens with everything: logits, gradients, continuations and scores. */
  static Stream<String> families() {
    return FAMILIES.stream().map(family -> "family-" + family);
  }

  /** Goldens with logits and gradients. */
  static Stream<String> causal() {
    return Stream.concat(
        Stream.of("llama-stories260k", "llama-random", "llama-random-biased", "gpt2-random"),
        families());
  }

  static Path directory(String golden) {
    return golden.equals("llama-stories260k")
        ? Bundled.stories260k()
        : Goldens.open(golden).tensors().resolveSibling("model");
  }
}
