package org.attune.model.export;

import java.util.Arrays;
import java.util.List;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.transformer.Completions;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;

/** What a model makes of given texts, one output for each. */
record ModelOutputs(List<Output> texts) {
  /**
   * What a model makes of one text.
   *
   * @param values log p of each token but the first, or the scores of a model with a score head
   * @param likeliest the token that a causal model would have put in each of these places; none for
   *     a score head
   */
  record Output(float[] values, long[] likeliest) {}

  static ModelOutputs of(LanguageModel model, List<int[]> texts) {
    boolean scores = model.head() == Head.SCORE;
    try (Replica replica = model.frozenReplica(DType.FLOAT32)) {
      return new ModelOutputs(
          texts.stream()
              .filter(ids -> scores || ids.length > 1)
              .map(
                  ids -> {
                    try (TensorScope scope = TensorScope.open()) {
                      return GradientMode.without(
                          () -> scores ? scores(ids, replica) : predictions(ids, replica));
                    }
                  })
              .toList());
    }
  }

  private static Output scores(int[] ids, Replica replica) {
    return new Output(replica.scores(TokenBatch.of(List.of(ids))).toFloats(), new long[0]);
  }

  private static Output predictions(int[] ids, Replica replica) {
    // where an encoder reads the prompt, both sides have the same text: any serves to compare
    boolean isOneSequence = replica.isOneSequence();
    Completions completions =
        isOneSequence
            ? replica.completions(
                List.of(Arrays.copyOf(ids, 1)), List.of(Arrays.copyOfRange(ids, 1, ids.length)))
            : replica.completions(List.of(ids), List.of(ids));
    int[] targets = completions.tokens();
    Tensor predictions = // log p of every token, [N - 1, V]
        replica.logits(completions.predicting(replica.hidden(completions.batch()))).logSoftmax();
    return new Output(
        predictions.gather(1, Tensor.of(targets, targets.length, 1)).toFloats(),
        predictions.argmaxOfLast().toLongs());
  }
}
