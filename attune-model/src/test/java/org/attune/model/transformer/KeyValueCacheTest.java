package org.attune.model.transformer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.tensor.DType;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoding token by token gives the logits of whole sequences, for prompts of any lengths. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KeyValueCacheTest {
  private static final List<int[]> PROMPTS =
      List.of(new int[] {1, 40, 7, 9, 12, 60}, new int[] {1, 5}, new int[] {1, 8, 33, 20});
  private static final int[][] FURTHER = {
    {11, 12, 13, 14, 15, 16}, {21, 22, 23, 24, 25, 26}, {31, 32, 33, 34, 35, 36}
  };

  @ParameterizedTest
  @ValueSource(strings = {"llama-stories260k", "gpt2-random", "llama-random-biased"})
  void every_step_has_the_logits_of_the_whole_sequence(String name) {
    requireSameLogits(name, PROMPTS, 99);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-stories260k", "gpt2-random"})
  void prompts_of_one_length_need_no_filler(String name) {
    requireSameLogits(
        name, List.of(new int[] {1, 40, 7}, new int[] {1, 5, 6}, new int[] {1, 8, 33}), 99);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-stories260k", "gpt2-random"})
  void sequences_that_leave_change_nothing_for_the_others(String name) {
    requireSameLogits(name, PROMPTS, 3);
  }

  /** The middle sequence leaves, and the others change places, before step {@code leaveAt}. */
  private static void requireSameLogits(String name, List<int[]> prompts, int leaveAt) {
    try (LanguageModel model = LanguageModel.load(directory(name), Head.CAUSAL, 0);
        Replica replica = model.frozenReplica(DType.FLOAT32);
        TensorScope scope = TensorScope.open()) {
      Architecture architecture = model.architecture();
      TokenBatch batch = TokenBatch.of(prompts);
      try (KeyValueCache cache =
          new KeyValueCache(
              batch,
              FURTHER[0].length,
              architecture.layers(),
              architecture.keyHeads(),
              architecture.headSize())) {
        float[] prefilled = replica.logits(replica.hidden(batch, cache.prefill(batch))).toFloats();
        int vocabulary = architecture.vocabularySize();
        for (int s = 0; s < prompts.size(); s++) {
          int from = batch.start(s) * vocabulary;
          Tolerance.LOGITS.check(
              "prompt " + s,
              Arrays.copyOfRange(prefilled, from, from + batch.length(s) * vocabulary),
              whole(replica, prompts.get(s)));
        }

        List<Integer> present = new ArrayList<>(List.of(0, 1, 2));
        for (int step = 0; step < FURTHER[0].length; step++) {
          if (step == leaveAt) {
            cache.retain(2, 0);
            present = List.of(2, 0);
          }
          int now = step;
          int[] ids = present.stream().mapToInt(s -> FURTHER[s][now]).toArray();
          int[] positions = present.stream().mapToInt(s -> prompts.get(s).length + now).toArray();
          float[] actual =
              replica
                  .logits(replica.hidden(TokenBatch.next(ids, positions), cache.next()))
                  .toFloats();
          for (int i = 0; i < present.size(); i++) {
            int s = present.get(i);
            float[] all = whole(replica, joined(prompts.get(s), FURTHER[s], step + 1));
            Tolerance.LOGITS.check(
                "sequence " + s + " at step " + step,
                Arrays.copyOfRange(actual, i * vocabulary, (i + 1) * vocabulary),
                Arrays.copyOfRange(all, all.length - vocabulary, all.length));
          }
        }
      }
    }
  }

  private static float[] whole(Replica replica, int[] ids) {
    return replica.logits(replica.hidden(TokenBatch.of(List.of(ids)))).toFloats();
  }

  private static int[] joined(int[] prompt, int[] further, int count) {
    int[] all = Arrays.copyOf(prompt, prompt.length + count);
    System.arraycopy(further, 0, all, prompt.length, count);
    return all;
  }

  private static Path directory(String golden) {
    return golden.equals("llama-stories260k")
        ? Bundled.stories260k()
        : Goldens.open(golden).tensors().resolveSibling("model");
  }
}
