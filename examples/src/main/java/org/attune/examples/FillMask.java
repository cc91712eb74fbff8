package org.attune.examples;

import java.nio.file.Path;
import java.util.List;
import org.attune.model.pipeline.Filling;
import org.attune.model.pipeline.MaskFiller;

/** Guesses the word in a gap. */
public final class FillMask {
  private FillMask() {}

  public static void main(String[] arguments) {
    Path model = ModelFolder.of(arguments, "an encoder such as BERT");
    for (Filling filling : run(model, "Paris is the [MASK] of France.", 5)) {
      System.out.println(filling.score() + " " + filling.text());
    }
  }

  static List<Filling> run(Path model, String text, int count) {
    try (MaskFiller filler = MaskFiller.load(model)) {
      return filler.fill(text, count);
    }
  }
}
