package org.attune.model.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.attune.data.InvalidInputException;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.tokenizer.SequenceEncoder;
import org.attune.model.tokenizer.TokenSequence;
import org.attune.tensor.DType;
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
  private final LanguageModel model;
  private final Replica replica;
  private final Workers workers;
  private final boolean ownsModel;

  private TextClassifier(LanguageModel model, Workers workers, boolean ownsModel) {
    if (model.head() != Head.SCORE) {
      throw new InvalidInputException(
          "%s was loaded with the head %s, but texts are scored by the head SCORE. Load it with that, or give the directory of a reward model."
              .formatted(model.source(), model.head()));
    }
    this.model = model;
    this.workers = workers;
    this.ownsModel = ownsModel;
    replica = model.frozenReplica(model.weights().type());
  }

  /**
   * Loads the directory of a classifier, to be freed by {@link #close}. A directory without a score
   * head is an error: a head made anew would score at random.
   */
  public static TextClassifier load(Path directory) {
    return load(directory, DType.FLOAT32);
  }

  /**
   * As {@link #load(Path)} with weights kept in {@code type}, in which linear layers multiply too.
   */
  public static TextClassifier load(Path directory, DType type) {
    LanguageModel model = LanguageModel.load(directory, type);
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

  /** Classifies texts; scores come about as the model's {@code problem_type} suggests. */
  public List<Classification> classify(List<String> texts) {
    return classify(texts, ScoreFunction.suiting(model));
  }

  /** Classifies texts. */
  public List<Classification> classify(List<String> texts, ScoreFunction function) {
    return classified(encoded(texts), function);
  }

  /**
   * Classifies completions of prompts, or other texts that belong together, such as premises and
   * hypotheses.
   */
  public List<Classification> classify(List<String> prompts, List<String> completions) {
    return classify(prompts, completions, ScoreFunction.suiting(model));
  }

  /** As {@link #classify(List, List)}, with the function that scores come about by. */
  public List<Classification> classify(
      List<String> prompts, List<String> completions, ScoreFunction function) {
    return classified(encoded(prompts, completions), function);
  }

  /** The rewards of texts: the logits of a model with one label. */
  public double[] scores(List<String> texts) {
    return rewards(encoded(texts));
  }

  /** The rewards of completions of prompts: the logits of a model with one label. */
  public double[] scores(List<String> prompts, List<String> completions) {
    return rewards(encoded(prompts, completions));
  }

  private List<TokenSequence> encoded(List<String> texts) {
    return sequences(
        texts.size(), i -> model.sequenceEncoder().encode(model.tokenizer(), texts.get(i)));
  }

  private List<TokenSequence> encoded(List<String> prompts, List<String> completions) {
    if (prompts.size() != completions.size()) {
      throw new IllegalArgumentException(
          "%,d prompts do not fit %,d completions. Give one prompt for each completion."
              .formatted(prompts.size(), completions.size()));
    }
    return sequences(
        prompts.size(),
        i -> model.sequenceEncoder().encode(model.tokenizer(), prompts.get(i), completions.get(i)));
  }

  private List<TokenSequence> sequences(int count, IntFunction<TokenSequence> encode) {
    SequenceEncoder encoder = model.sequenceEncoder();
    List<TokenSequence> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TokenSequence sequence = encode.apply(i);
      if (sequence.length() == 0) {
        throw UnreadableTextException.empty(i);
      }
      if (!encoder.accepts(sequence)) {
        throw UnreadableTextException.tooLongToScore(i, sequence.length(), encoder.maxLength());
      }
      sequences.add(sequence);
    }
    return sequences;
  }

  private List<Classification> classified(List<TokenSequence> sequences, ScoreFunction function) {
    List<Classification> results = new ArrayList<>();
    for (float[] logits : logits(sequences)) {
      results.add(Classification.of(model.labels(), logits, function));
    }
    return results;
  }

  private double[] rewards(List<TokenSequence> sequences) {
    if (model.labels().size() != 1) {
      throw new InvalidInputException(
          "%s has the labels %s, but a reward is the score of a single one. Use classify, or give a reward model."
              .formatted(model.source(), String.join(", ", model.labels())));
    }
    float[][] logits = logits(sequences);
    return IntStream.range(0, logits.length).mapToDouble(i -> logits[i][0]).toArray();
  }

  private float[][] logits(List<TokenSequence> sequences) {
    float[][] logits = new float[sequences.size()][];
    new LengthBatches(sequences, workers.count())
        .each(
            workers,
            (batch, indices) -> {
              float[] values = replica.scores(batch).toFloats();
              int labels = values.length / indices.size();
              for (int i = 0; i < indices.size(); i++) {
                logits[indices.get(i)] = Arrays.copyOfRange(values, i * labels, (i + 1) * labels);
              }
            });
    return logits;
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
