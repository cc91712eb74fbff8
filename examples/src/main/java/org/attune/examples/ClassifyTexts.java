package org.attune.examples;

import java.nio.file.Path;
import java.util.List;
import org.attune.model.pipeline.Classification;
import org.attune.model.pipeline.TextClassifier;

/** Names the label that fits a text best, or gives every label's score. */
public final class ClassifyTexts {
  private ClassifyTexts() {}

  public static void main(String[] arguments) {
    Path model = ModelFolder.of(arguments, "a text classifier");
    for (Classification result : run(model, List.of("What a wonderful story!", "I fell asleep."))) {
      System.out.println(result.label() + " " + result.scores());
    }
  }

  static List<Classification> run(Path model, List<String> texts) {
    try (TextClassifier classifier = TextClassifier.load(model)) {
      return classifier.classify(texts);
    }
  }
}
