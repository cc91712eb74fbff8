package org.attune.model;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;

/** The models that transformers computed goldens of. */
final class ParityCases {
  /**
   * Cases of {@code parity/recipes/families.py}, each named for its family, and a variant of it.
   */
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
          "olmo2",
          "gpt_neox",
          "gpt_neox-sequential",
          "opt",
          "opt-350m",
          "opt-bare",
          "falcon",
          "falcon-40b",
          "falcon-11b",
          "falcon-rw",
          "falcon-rw-parallel",
          "mixtral",
          "qwen2_moe",
          "qwen2_moe-normed",
          "qwen3_moe",
          "qwen3_moe-sparse");

  /** Cases of {@code parity/recipes/encoders.py} with a head that scores whole texts. */
  private static final List<String> CLASSIFIERS =
      List.of(
          "bert-classifier",
          "roberta-classifier",
          "distilbert-classifier",
          "modernbert-classifier",
          "modernbert-cls-classifier");

  /** Cases of {@code parity/recipes/seq2seq.py}. */
  private static final List<String> SEQ2SEQ = List.of("t5", "t5-gated", "t5-shared");

  private ParityCases() {}

  /** Goldens of models with an encoder and a decoder. */
  static Stream<String> seq2seq() {
    return SEQ2SEQ.stream().map(name -> "seq2seq-" + name);
  }

  /** Goldens of an adapter on each of them. */
  static Stream<String> seq2seqAdapters() {
    return SEQ2SEQ.stream().map(name -> "lora-" + name);
  }

  /** Goldens with everything: logits, gradients, continuations and scores. */
  static Stream<String> families() {
    return FAMILIES.stream().map(family -> "family-" + family);
  }

  /** Goldens with the loss of the router. */
  static Stream<String> experts() {
    return families().filter(name -> name.contains("moe") || name.contains("mixtral"));
  }

  /** Goldens with logits and gradients. */
  static Stream<String> causal() {
    return Stream.concat(
        Stream.of("llama-stories260k", "llama-random", "llama-random-biased", "gpt2-random"),
        families());
  }

  /** Goldens of an adapter on a model of each family; the models are those of other goldens. */
  static Stream<String> adapters() {
    return Stream.concat(FAMILIES.stream(), CLASSIFIERS.stream()).map(name -> "lora-" + name);
  }

  /** Goldens of passes with dropout; the models are those of other goldens. */
  static Stream<String> dropping() {
    return Stream.concat(
            Stream.of(
                "gpt2",
                "llama",
                "gemma2",
                "phi3",
                "gpt_neox",
                "opt",
                "opt-350m",
                "falcon-40b",
                "falcon-rw",
                "falcon-rw-parallel"),
            CLASSIFIERS.stream())
        .map(name -> "dropout-" + name);
  }

  static Path directory(String golden) {
    return golden.equals("llama-stories260k")
        ? Bundled.stories260k()
        : Goldens.open(golden).tensors().resolveSibling("model");
  }
}
