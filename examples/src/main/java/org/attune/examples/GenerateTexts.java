package org.attune.examples;

import java.nio.file.Path;
import java.util.List;
import org.attune.model.generate.SamplingConfig;
import org.attune.model.pipeline.GeneratedText;
import org.attune.model.pipeline.TextGenerator;

/** Continues several texts at once. */
public final class GenerateTexts {
  private GenerateTexts() {}

  public static void main(String[] arguments) {
    ExampleFolders folders = ExampleFolders.of(arguments, "generate-texts");
    List<String> prompts = List.of("Once upon a time", "The cat");
    for (GeneratedText text : run(folders.model(), prompts, 40)) {
      System.out.println(text.full());
    }
  }

  static List<GeneratedText> run(Path model, List<String> prompts, int newTokens) {
    SamplingConfig sampling =
        SamplingConfig.builder().temperature(0.8).maxNewTokens(newTokens).seed(7).build();
    try (TextGenerator generator = TextGenerator.load(model)) {
      return generator.generate(prompts, sampling);
    }
  }
}
