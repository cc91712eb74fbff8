package org.attune.model.classify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.tokenizer.SequenceEncoder;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;

/**
 * Scores whole texts with a sequence classifier or reward model, many at once.
 *
 * <p>Texts are encoded as the model's {@link SequenceEncoder} says, that is, as in its training.
 * They are sorted by length and dealt out to the workers in batches without padding; results come
 * in the order of the texts.
 *
 * <pre>{@code
 * try (TextClassifier rewards = TextClassifier.load(Path.of("runs/reward/checkpoints/step-300"))) {
 *   double[] scores = rewards.scores(prompts, completions);
 * }
 * }</pre>
 */
public final class TextClassifier implements AutoCloseable {
  /** Bounds the memory of a batch. */
  private static final int BATCH_TOKENS = 4096;

  private final LanguageModel model;
  private final Replica replica;
  private final Workers workers;
  private final boolean ownsModel;

  private TextClassifier(LanguageModel model, Workers workers, boolean ownsModel) {
    if (model.head() != Head.SCORE) {
      throw new IllegalArgumentException(
          "%s was loaded with the head %s, but texts are scored by the head SCORE. Load it with that, or give the directory of a reward model."
              .formatted(model.source(), model.head()));
    }
    this.model = model;
    this.workers = workers;
    this.ownsModel = ownsModel;
    replica = model.frozenReplica(DType.FLOAT32);
  }

  /**
   * Loads the directory of a classifier, to be freed by {@link #close}. A directory without a score
   * head is an error: a head made anew would score at random.
   */
  public static TextClassifier load(Path directory) {
    LanguageModel model = LanguageModel.load(directory);
    try {
      return new TextClassifier(model, Workers.forMachine(), true);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Scores with a model and workers that stay the caller's; close this before the model. */
  public static TextClassifier of(LanguageModel model, Workers workers) {
    return new TextClassifier(model, workers, false);
  }

  /** Classifies texts. */
  public List<Classification> classify(List<String> texts) {
    return classified(encoded(texts));
  }

  /** Classifies completions of prompts. */
  public List<Classification> classify(List<String> prompts, List<String> completions) {
    return classified(encoded(prompts, completions));
  }

  /** The rewards of texts: the logits of a model with one label. */
  public double[] scores(List<String> texts) {
    return rewards(encoded(texts));
  }

  /** The rewards of completions of prompts: the logits of a model with one label. */
  public double[] scores(List<String> prompts, List<String> completions) {
    return rewards(encoded(prompts, completions));
  }

  private List<int[]> encoded(List<String> texts) {
    return sequences(
        texts.size(), i -> model.sequenceEncoder().encode(model.tokenizer(), texts.get(i)));
  }

  private List<int[]> encoded(List<String> prompts, List<String> completions) {
    if (prompts.size() != completions.size()) {
      throw new IllegalArgumentException(
          "%,d prompts do not fit %,d completions. Give one prompt for each completion."
              .formatted(prompts.size(), completions.size()));
    }
    return sequences(
        prompts.size(),
        i -> model.sequenceEncoder().encode(model.tokenizer(), prompts.get(i), completions.get(i)));
  }

  private List<int[]> sequences(int count, IntFunction<int[]> encode) {
    SequenceEncoder encoder = model.sequenceEncoder();
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] ids = encode.apply(i);
      if (ids.length == 0) {
        throw UnscorableTextException.empty(i);
      }
      if (!encoder.accepts(ids)) {
        throw UnscorableTextException.tooLong(i, ids.length, encoder.maxLength());
      }
      sequences.add(ids);
    }
    return sequences;
  }

  private List<Classification> classified(List<int[]> sequences) {
    List<Classification> results = new ArrayList<>();
    for (float[] logits : logits(sequences)) {
      results.add(Classification.of(model.labels(), logits));
    }
    return results;
  }

  private double[] rewards(List<int[]> sequences) {
    if (model.labels().size() != 1) {
      throw new IllegalArgumentException(
          "%s has the labels %s, but a reward is the score of a single one. Use classify, or give a reward model."
              .formatted(model.source(), String.join(", ", model.labels())));
    }
    float[][] logits = logits(sequences);
    return IntStream.range(0, logits.length).mapToDouble(i -> logits[i][0]).toArray();
  }

  private float[][] logits(List<int[]> sequences) {
    float[][] logits = new float[sequences.size()][];
    List<List<Integer>> batches = batches(sequences);
    workers.each(
        worker -> {
          for (int b = worker; b < batches.size(); b += workers.count()) {
            score(sequences, batches.get(b), logits);
          }
          return worker;
        });
    return logits;
  }

  /** Indices of sequences, the longest first, in batches of about equal work. */
  private List<List<Integer>> batches(List<int[]> sequences) {
    int share = sequences.stream().mapToInt(ids -> ids.length).sum() / workers.count() + 1;
    int budget = Math.min(BATCH_TOKENS, share);
    List<Integer> longestFirst =
        IntStream.range(0, sequences.size())
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> sequences.get(i).length).reversed())
            .toList();
    List<List<Integer>> batches = new ArrayList<>();
    int tokens = 0;
    for (Integer index : longestFirst) {
      if (batches.isEmpty() || tokens >= budget) {
        batches.add(new ArrayList<>());
        tokens = 0;
      }
      batches.get(batches.size() - 1).add(index);
      tokens += sequences.get(index).length;
    }
    return batches;
  }

  private void score(List<int[]> sequences, List<Integer> batch, float[][] logits) {
    TensorScope.use(
        () -> {
          TokenBatch tokens = TokenBatch.of(batch.stream().map(sequences::get).toList());
          float[] values = GradientMode.without(() -> replica.scores(tokens)).toFloats();
          int labels = values.length / batch.size();
          for (int i = 0; i < batch.size(); i++) {
            float[] own = new float[labels];
            System.arraycopy(values, i * labels, own, 0, labels);
            logits[batch.get(i)] = own;
          }
        });
  }

  @Override
  public void close() {
    replica.close();
    if (ownsModel) {
      workers.close();
      model.close();
    }
  }
}
