package org.attune.model.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.attune.data.InvalidInputException;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.tokenizer.SkipSpecial;
import org.attune.model.tokenizer.SpecialTokens;
import org.attune.model.tokenizer.TokenSequence;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;
import org.attune.tensor.Workers;

/**
 * Guesses what stands in a text's gap, which is written as the tokenizer's mask token.
 *
 * <pre>{@code
 * try (MaskFiller filler = MaskFiller.load(Path.of("models/bert-base-uncased"))) {
 *   List<Filling> best = filler.fill("Paris is the [MASK] of France.", 5);
 * }
 * }</pre>
 */
public final class MaskFiller implements AutoCloseable {
  private final LanguageModel model;
  private final int maskId;
  private final Replica replica;
  private final Workers workers = Workers.forMachine();

  private MaskFiller(LanguageModel model) {
    this.model = model;
    maskId =
        model
            .tokenizer()
            .maskId()
            .orElseThrow(
                () ->
                    new CheckpointException(
                        "The tokenizer of %s has no mask token, which marks a gap. Name one as mask_token in tokenizer_config.json."
                            .formatted(model.source())));
    replica = model.frozenReplica(DType.FLOAT32);
  }

  /** Loads an encoder with its masked language model head, to be freed by {@link #close}. */
  public static MaskFiller load(Path directory) {
    LanguageModel model = LanguageModel.load(directory, Head.MASKED, 0);
    try {
      return new MaskFiller(model);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** The {@code count} likeliest fillings of a text's only gap, the likeliest first. */
  public List<Filling> fill(String text, int count) {
    return fill(List.of(text), count).get(0);
  }

  /** As {@link #fill(String, int)} for many texts at once. */
  public List<List<Filling>> fill(List<String> texts, int count) {
    return filled(
        texts, IntStream.range(0, model.architecture().vocabularySize()).toArray(), count);
  }

  /**
   * The given words as fillings, the likeliest first.
   *
   * @throws InvalidInputException if a word is not a single token
   */
  public List<Filling> fill(String text, List<String> words) {
    int[] candidates = words.stream().mapToInt(this::idOf).distinct().toArray();
    return filled(List.of(text), candidates, candidates.length).get(0);
  }

  private int idOf(String word) {
    Tokenizer tokenizer = model.tokenizer();
    if (tokenizer.idOf(word).isPresent()) {
      return tokenizer.idOf(word).getAsInt();
    }
    int[] ids = tokenizer.encode(word, SpecialTokens.NONE);
    if (ids.length != 1) {
      throw new InvalidInputException(
          "\"%s\" is %d tokens, but a gap holds one. Give words of the vocabulary%s."
              .formatted(
                  word,
                  ids.length,
                  ids.length == 0 ? "" : ", such as \"" + tokenizer.tokenOf(ids[0]) + "\""));
    }
    return ids[0];
  }

  private List<List<Filling>> filled(List<String> texts, int[] candidates, int count) {
    List<TokenSequence> sequences =
        ContextTexts.encoded(texts, model.tokenizer(), model.architecture().contextLength());
    int[] gaps = new int[texts.size()];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = gap(texts.get(i), sequences.get(i).ids());
    }
    float[][] probabilities = new float[texts.size()][];
    new LengthBatches(sequences, workers.count())
        .each(
            workers,
            (batch, indices) -> {
              int[] rows = new int[indices.size()];
              for (int s = 0; s < rows.length; s++) {
                rows[s] = batch.start(s) + gaps[indices.get(s)];
              }
              Tensor logits = replica.logits(replica.hidden(batch).embedding(Tensor.indices(rows)));
              Tensor shares = logits.softmax(); // [S, V]
              for (int s = 0; s < rows.length; s++) {
                probabilities[indices.get(s)] = shares.select(0, s).toFloats();
              }
            });
    List<List<Filling>> fillings = new ArrayList<>();
    for (int i = 0; i < gaps.length; i++) {
      fillings.add(best(sequences.get(i).ids(), gaps[i], probabilities[i], candidates, count));
    }
    return fillings;
  }

  private int gap(String text, int[] ids) {
    int[] gaps = IntStream.range(0, ids.length).filter(t -> ids[t] == maskId).toArray();
    if (gaps.length != 1) {
      throw new InvalidInputException(
          "\"%s\" has %d gaps, but one is filled at a time. Write the gap as %s."
              .formatted(text, gaps.length, model.tokenizer().tokenOf(maskId)));
    }
    return gaps[0];
  }

  private List<Filling> best(
      int[] ids, int gap, float[] probabilities, int[] candidates, int count) {
    Tokenizer tokenizer = model.tokenizer();
    return IntStream.of(candidates)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer id) -> probabilities[id]).reversed())
        .limit(count)
        .map(
            id -> {
              int[] whole = ids.clone();
              whole[gap] = id;
              return new Filling(
                  probabilities[id],
                  id,
                  tokenizer.decode(new int[] {id}, SkipSpecial.NO),
                  tokenizer.decode(whole, SkipSpecial.YES));
            })
        .toList();
  }

  @Override
  public void close() {
    replica.close();
    workers.close();
    model.close();
  }
}
