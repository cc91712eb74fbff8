package org.attune.model.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.attune.model.tokenizer.TokenSequence;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;

/**
 * Sequences sorted by length and dealt out to workers in batches of about equal work, so that
 * neighbours in a batch are of similar length.
 */
final class LengthBatches {
  /** Bounds the memory of a batch. */
  private static final int BATCH_TOKENS = 4096;

  private final List<TokenSequence> sequences;
  private final List<List<Integer>> batches;

  /** What is done with a batch, without gradients and in a scope of its own. */
  @FunctionalInterface
  interface Pass {
    /**
     * Computes and keeps a batch's results.
     *
     * @param indices of the batch's sequences, in its order
     */
    void run(TokenBatch batch, List<Integer> indices);
  }

  LengthBatches(List<TokenSequence> sequences, int workers) {
    this.sequences = sequences;
    int share = sequences.stream().mapToInt(TokenSequence::length).sum() / workers + 1;
    int budget = Math.min(BATCH_TOKENS, share);
    List<Integer> longestFirst =
        IntStream.range(0, sequences.size())
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> sequences.get(i).length()).reversed())
            .toList();
    batches = new ArrayList<>();
    int tokens = 0;
    for (Integer index : longestFirst) {
      if (batches.isEmpty() || tokens >= budget) {
        batches.add(new ArrayList<>());
        tokens = 0;
      }
      batches.get(batches.size() - 1).add(index);
      tokens += sequences.get(index).length();
    }
  }

  /** Runs every batch on one of the workers. */
  void each(Workers workers, Pass pass) {
    workers.each(
        worker -> {
          for (int b = worker; b < batches.size(); b += workers.count()) {
            List<Integer> indices = batches.get(b);
            GradientMode.useWithout(
                () ->
                    TensorScope.use(
                        () ->
                            pass.run(
                                TokenBatch.ofSequences(
                                    indices.stream().map(sequences::get).toList()),
                                indices)));
          }
          return worker;
        });
  }
}
