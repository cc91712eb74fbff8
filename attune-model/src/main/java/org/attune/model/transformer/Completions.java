package org.attune.model.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.attune.tensor.Tensor;

/**
 * Completions of prompts as a model reads them, and where it predicts their tokens.
 *
 * <p>A causal model sees prompt and completion as one sequence. Where an encoder reads the prompt,
 * the decoder sees the completion behind the token that it starts with.
 *
 * @param batch one sequence for each completion
 * @param predicting rows of the model's output that predict the completions' tokens, one completion
 *     after the other
 * @param tokens the tokens that stand there
 */
@SuppressWarnings("ArrayRecordComponent") // read once, by whoever made it
public record Completions(TokenBatch batch, int[] predicting, int[] tokens) {

  /**
   * Completions of prompts.
   *
   * @param prompts token ids, at least one each
   * @param completions token ids, in the same order; may be empty
   * @throws IllegalArgumentException if the numbers differ, or a prompt is empty
   */
  public static Completions of(
      Architecture architecture, List<int[]> prompts, List<int[]> completions) {
    if (prompts.size() != completions.size()) {
      throw new IllegalArgumentException(
          "%,d completions do not belong to %,d prompts. Give one for each."
              .formatted(completions.size(), prompts.size()));
    }
    OptionalInt start = architecture.decoderStart();
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      sequences.add(
          start.isPresent()
              ? joined(new int[] {start.getAsInt()}, completions.get(i))
              : joined(prompts.get(i), completions.get(i)));
    }
    TokenBatch batch = TokenBatch.of(sequences);
    int[] tokens = completions.stream().flatMapToInt(Arrays::stream).toArray();
    int[] predicting = new int[tokens.length];
    int at = 0;
    for (int s = 0; s < sequences.size(); s++) {
      int length = completions.get(s).length;
      int first = batch.start(s) + batch.length(s) - length - 1;
      for (int t = 0; t < length; t++) {
        predicting[at++] = first + t;
      }
    }
    return new Completions(
        start.isPresent() ? batch.reading(TokenBatch.of(prompts)) : batch, predicting, tokens);
  }

  private static int[] joined(int[] first, int[] second) {
    int[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** The rows of the model's output that predict the tokens: {@code [N, C]} to {@code [M, C]}. */
  public Tensor predicting(Tensor hidden) {
    return hidden.embedding(Tensor.indices(predicting));
  }
}
