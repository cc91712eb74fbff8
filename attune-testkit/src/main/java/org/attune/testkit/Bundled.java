package org.attune.testkit;

import java.nio.file.Path;

/** Paths of the third-party data that the repository carries in its {@code bundled/} folder. */
public final class Bundled {
  private Bundled() {}

  /** A trained Llama of 260K parameters, as a Hugging Face directory. */
  public static Path stories260k() {
    return path("stories260k");
  }

  /** The GPT-2 tokenizer, as a Hugging Face directory without a model. */
  public static Path gpt2Tokenizer() {
    return path("tokenizer-gpt2");
  }

  /** The SentencePiece tokenizer of Mistral 7B v0.1, as a directory without anything else. */
  public static Path mistralTokenizer() {
    return path("tokenizer-mistral-v1");
  }

  /**
   * Returns a file or folder below {@code bundled/}, such as {@code
   * vader-sentiment/vader_lexicon.txt.gz}.
   *
   * @throws AssertionError if there is none
   */
  public static Path path(String relative) {
    return RepositoryRoot.resolve(
        "bundled/" + relative, "bundled/README.md lists what the repository carries.");
  }
}
