package org.attune.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.generate.Generator;
import org.attune.model.generate.SamplingConfig;
import org.attune.tensor.DType;
import org.attune.tensor.Workers;

/**
 * Measures sampled generation with every prompt as long as the others and no end token, and prints
 * a line {@code RESULT {…}}.
 */
public final class GenerationThroughput {
  private static final int PROMPT_TOKENS = 32;
  private static final int NEW_TOKENS = 64;
  private static final int REPEATS = 3;

  private GenerationThroughput() {}

  /**
   * Runs the measurement; the first of the repetitions warms up and is left out.
   *
   * @param arguments a model's directory, the number of prompts, and {@code fp32} or {@code bf16}
   */
  public static void main(String... arguments) {
    if (arguments.length != 3) {
      throw new IllegalArgumentException("Usage: GenerationThroughput MODEL_DIR BATCH DTYPE");
    }
    int batch = Integer.parseInt(arguments[1]);
    DType type = arguments[2].equals("bf16") ? DType.BFLOAT16 : DType.FLOAT32;
    try (LanguageModel model = LanguageModel.load(Path.of(arguments[0]), Head.CAUSAL, 0);
        Replica replica = model.frozenReplica(type);
        Workers workers = Workers.forMachine()) {
      Generator generator = model.generator(replica, workers);
      SamplingConfig config = SamplingConfig.builder().topK(50).maxNewTokens(NEW_TOKENS).build();
      List<int[]> prompts = prompts(batch, model.architecture().vocabularySize());
      generator.generate(prompts, config, Set.of());
      double[] seconds = new double[REPEATS];
      for (int i = 0; i < REPEATS; i++) {
        long start = System.nanoTime();
        generator.generate(prompts, config, Set.of());
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
      Arrays.sort(seconds);
      System.out.printf(
          "RESULT {\"tokens_per_second\": %.1f}%n", batch * NEW_TOKENS / seconds[REPEATS / 2]);
    }
  }

  private static List<int[]> prompts(int batch, int vocabularySize) {
    SplittableRandom random = new SplittableRandom(1);
    return IntStream.range(0, batch)
        .mapToObj(i -> random.ints(PROMPT_TOKENS, 3, vocabularySize).toArray())
        .toList();
  }
}
