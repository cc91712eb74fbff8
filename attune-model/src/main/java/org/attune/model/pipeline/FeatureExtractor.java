package org.attune.model.pipeline;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.tokenizer.TokenSequence;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;
import org.attune.tensor.Workers;

/**
 * The vectors that a model makes of texts: one for each token, or one for a whole text, to compare
 * texts by their meaning.
 *
 * <pre>{@code
 * try (FeatureExtractor features = FeatureExtractor.load(Path.of("models/all-MiniLM-L6-v2"))) {
 *   List<float[]> embeddings = features.embeddings(texts, Pooling.MEAN);
 * }
 * }</pre>
 */
public final class FeatureExtractor implements AutoCloseable {
  private final LanguageModel model;
  private final Replica replica;
  private final Workers workers = Workers.forMachine();

  private FeatureExtractor(LanguageModel model) {
    this.model = model;
    replica = model.frozenReplica(DType.FLOAT32);
  }

  /** Loads a directory without its head, to be freed by {@link #close}. */
  public static FeatureExtractor load(Path directory) {
    return new FeatureExtractor(LanguageModel.load(directory, Head.NONE, 0));
  }

  /** For each text the vectors of its tokens, those that the tokenizer adds among them. */
  public List<float[][]> features(List<String> texts) {
    float[][][] features = new float[texts.size()][][];
    batches(texts)
        .each(
            workers,
            (batch, indices) -> {
              float[][] rows = rows(replica.hidden(batch));
              for (int s = 0; s < indices.size(); s++) {
                int start = batch.start(s);
                features[indices.get(s)] = Arrays.copyOfRange(rows, start, start + batch.length(s));
              }
            });
    return List.of(features);
  }

  /** One vector for each text, of length 1: products of two are the cosines of their angle. */
  public List<float[]> embeddings(List<String> texts, Pooling pooling) {
    float[][] embeddings = new float[texts.size()][];
    batches(texts)
        .each(
            workers,
            (batch, indices) -> {
              float[][] rows = rows(pooling.of(replica.hidden(batch), batch));
              for (int s = 0; s < rows.length; s++) {
                embeddings[indices.get(s)] = normalized(rows[s]);
              }
            });
    return List.of(embeddings);
  }

  private LengthBatches batches(List<String> texts) {
    List<TokenSequence> sequences =
        ContextTexts.encoded(texts, model.tokenizer(), model.architecture().contextLength());
    return new LengthBatches(sequences, workers.count());
  }

  private static float[][] rows(Tensor matrix) {
    float[] values = matrix.toFloats();
    int width = (int) matrix.size(1);
    float[][] rows = new float[values.length / width][];
    Arrays.setAll(rows, i -> Arrays.copyOfRange(values, i * width, (i + 1) * width));
    return rows;
  }

  private static float[] normalized(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    double length = Math.max(Math.sqrt(squares), Float.MIN_NORMAL);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    return unit;
  }

  @Override
  public void close() {
    replica.close();
    workers.close();
    model.close();
  }
}
