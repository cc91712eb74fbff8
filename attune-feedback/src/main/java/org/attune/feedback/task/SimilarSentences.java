package org.attune.feedback.task;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sentences that mean the same or not.
 *
 * @param sentences two; or three, of which the second is nearer to the first than the third
 * @param label how similar two are, on any scale; null if the order of three says it
 */
public record SimilarSentences(List<String> sentences, @Nullable Double label) {

  public SimilarSentences {
    sentences = List.copyOf(sentences);
    if (sentences.size() < 2 || sentences.size() > 3) {
      throw new IllegalArgumentException(
          "Similar sentences must be two or three but were %s. Give pairs, or an anchor with a nearer and a farther sentence."
              .formatted(sentences));
    }
  }

  public static SimilarSentences of(String first, String second, double label) {
    return new SimilarSentences(List.of(first, second), label);
  }

  public static SimilarSentences of(String anchor, String nearer, String farther) {
    return new SimilarSentences(List.of(anchor, nearer, farther), null);
  }
}
