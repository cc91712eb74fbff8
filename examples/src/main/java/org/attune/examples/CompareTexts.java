package org.attune.examples;

import java.nio.file.Path;
import java.util.List;
import org.attune.model.pipeline.FeatureExtractor;
import org.attune.model.pipeline.Pooling;

/** Says which of several texts means about the same as another, by a model's vectors for them. */
public final class CompareTexts {
  private CompareTexts() {}

  public static void main(String[] arguments) {
    Path model = ModelFolder.of(arguments, "an encoder");
    List<String> texts = List.of("A cat slept.", "The share price fell.", "Kittens doze.");
    System.out.println("closest: " + closest(model, "The cat is asleep.", texts));
  }

  static String closest(Path model, String text, List<String> others) {
    try (FeatureExtractor features = FeatureExtractor.load(model)) {
      float[] wanted = features.embeddings(List.of(text), Pooling.MEAN).get(0);
      List<float[]> candidates = features.embeddings(others, Pooling.MEAN);
      int best = 0;
      for (int i = 1; i < others.size(); i++) {
        if (cosine(wanted, candidates.get(i)) > cosine(wanted, candidates.get(best))) {
          best = i;
        }
      }
      return others.get(best);
    }
  }

  /** Of vectors of length 1. */
  private static double cosine(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }
}
