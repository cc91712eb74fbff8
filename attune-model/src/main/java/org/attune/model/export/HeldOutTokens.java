package org.attune.model.export;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.generate.Generator;
import org.attune.model.generate.SamplingConfig;
import org.attune.tensor.DType;
import org.attune.tensor.Workers;

/** The token ids that an exported model and its source are compared on. */
final class HeldOutTokens {
  private static final int CONTINUATION = 24;
  private static final int RANDOM_TEXTS = 6;

  private HeldOutTokens() {}

  /** Prompts of many kinds, for who gives none. */
  static List<String> defaultPrompts() {
    try (InputStream lines = HeldOutTokens.class.getResourceAsStream("held-out-prompts.txt")) {
      if (lines == null) {
        throw new IllegalStateException("held-out-prompts.txt is missing from the program");
      }
      return new String(lines.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The ids of each prompt, continued by what a causal model finds likeliest: what it says is where
   * its users would notice a change. A model without a tokenizer gets random ids.
   */
  static List<int[]> of(LanguageModel model, List<String> prompts) {
    int context = model.architecture().contextLength();
    List<int[]> texts =
        model.hasTokenizer()
            ? prompts.stream().map(model.tokenizer()::encode).toList()
            : randomIds(model.architecture().vocabularySize(), context);
    List<int[]> fitting =
        texts.stream()
            .filter(ids -> ids.length > 0)
            .map(ids -> Arrays.copyOf(ids, Math.min(ids.length, Math.max(1, context / 2))))
            .toList();
    return model.head() == Head.SCORE ? fitting : continued(model, fitting, context);
  }

  private static List<int[]> continued(LanguageModel model, List<int[]> texts, int context) {
    SamplingConfig greedy =
        SamplingConfig.builder()
            .temperature(0)
            .maxNewTokens(Math.min(CONTINUATION, context / 2))
            .build();
    List<int[]> whole = new ArrayList<>();
    try (Replica replica = model.frozenReplica(DType.FLOAT32);
        Workers workers = new Workers(1)) {
      Generator generator = model.generator(replica, workers);
      for (int[] ids : texts) {
        int[] added = generator.generate(List.of(ids), greedy, model.endIds()).get(0).tokens();
        int[] all = Arrays.copyOf(ids, ids.length + added.length);
        System.arraycopy(added, 0, all, ids.length, added.length);
        whole.add(all);
      }
    }
    return whole;
  }

  private static List<int[]> randomIds(int vocabulary, int context) {
    Random random = new Random(RANDOM_TEXTS);
    List<int[]> texts = new ArrayList<>();
    for (int i = 0; i < RANDOM_TEXTS; i++) {
      texts.add(random.ints(Math.max(2, Math.min(16, context / 2)), 0, vocabulary).toArray());
    }
    return texts;
  }
}
