package org.attune.model.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.attune.model.generate.Generation.FinishReason;
import org.attune.model.transformer.Architecture;
import org.attune.model.transformer.KeyValueCache;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.transformer.Transformer;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Continues prompts token by token, many at once, with cached keys and values.
 *
 * <p>Prompts are sorted by length and dealt out to the workers; each worker prefills its share once
 * and then advances all its unfinished sequences together. Every prompt draws from a random stream
 * of its own, made from the seed and the prompt's place in the list, so that a sample does not
 * depend on how many workers there are.
 */
public final class Generator {
  private final Architecture architecture;
  private final Transformer model;
  private final Workers workers;

  /**
   * Is told of each new token as it comes; calls for different prompts may come from different
   * threads.
   */
  public interface Listener {
    void onToken(int prompt, int token);
  }

  /** Whether the text of a prompt's new tokens is complete, as a stop string makes it. */
  public interface StopRule {
    boolean isComplete(int prompt, int[] tokens);
  }

  /**
   * @param model over frozen weights, with an output layer
   */
  public Generator(Architecture architecture, Transformer model, Workers workers) {
    this.architecture = architecture;
    this.model = model;
    this.workers = workers;
  }

  /**
   * Continues every prompt.
   *
   * @param prompts token ids, each at least one
   * @param endIds tokens that end a sequence
   * @throws PromptTooLongException if a prompt leaves no room in the model's context
   */
  public List<Generation> generate(
      List<int[]> prompts, SamplingConfig config, Set<Integer> endIds) {
    return generate(prompts, config, endIds, (prompt, tokens) -> false, (prompt, token) -> {});
  }

  /**
   * As {@link #generate(List, SamplingConfig, Set)}, with a further rule to stop and a listener.
   */
  public List<Generation> generate(
      List<int[]> prompts,
      SamplingConfig config,
      Set<Integer> endIds,
      StopRule stopRule,
      Listener listener) {
    for (int i = 0; i < prompts.size(); i++) {
      if (prompts.get(i).length >= architecture.contextLength()) {
        throw new PromptTooLongException(i, prompts.get(i).length, architecture.contextLength());
      }
    }
    List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      sequences.add(new Sequence(i, prompts.get(i), config));
    }
    List<Sequence> byLength =
        sequences.stream().sorted(Comparator.comparingInt(s -> s.prompt.length)).toList();
    int shares = Math.min(workers.count(), prompts.size());
    workers.each(
        worker -> {
          if (worker < shares) {
            int from = byLength.size() * worker / shares;
            int to = byLength.size() * (worker + 1) / shares;
            GradientMode.useWithout(
                () -> advance(byLength.subList(from, to), config, endIds, stopRule, listener));
          }
          return worker;
        });
    return sequences.stream().map(Sequence::generation).toList();
  }

  private final class Sequence {
    private final int index;
    private final int[] prompt;
    private final RandomGenerator random;
    private final int cap;
    private int[] tokens = new int[16];
    private int length;
    private @Nullable FinishReason finished;

    Sequence(int index, int[] prompt, SamplingConfig config) {
      this.index = index;
      this.prompt = prompt;
      random = TokenSampler.random(config.seed(), index);
      cap = Math.min(config.maxNewTokens(), architecture.contextLength() - prompt.length);
    }

    void add(int token, Set<Integer> endIds, StopRule stopRule, Listener listener) {
      if (length == tokens.length) {
        tokens = Arrays.copyOf(tokens, 2 * length);
      }
      tokens[length++] = token;
      listener.onToken(index, token);
      if (endIds.contains(token) || stopRule.isComplete(index, written())) {
        finished = FinishReason.STOP;
      } else if (length == cap) {
        finished = FinishReason.LENGTH;
      }
    }

    int[] written() {
      return Arrays.copyOf(tokens, length);
    }

    int[] known() {
      int[] known = Arrays.copyOf(prompt, prompt.length + length);
      System.arraycopy(tokens, 0, known, prompt.length, length);
      return known;
    }

    int newest() {
      return tokens[length - 1];
    }

    int position() {
      return prompt.length + length - 1;
    }

    Generation generation() {
      return new Generation(written(), finished == null ? FinishReason.LENGTH : finished);
    }
  }

  private void advance(
      List<Sequence> share,
      SamplingConfig config,
      Set<Integer> endIds,
      StopRule stopRule,
      Listener listener) {
    TokenSampler sampler = new TokenSampler(config, endIds, architecture.vocabularySize());
    List<Sequence> active = share.stream().filter(s -> s.cap > 0).toList();
    while (!active.isEmpty()) {
      active = advanceWithOneCache(active, sampler, endIds, stopRule, listener);
    }
  }

  /** Continues sequences until none is left, or until one outgrows its cached keys. */
  private List<Sequence> advanceWithOneCache(
      List<Sequence> share,
      TokenSampler sampler,
      Set<Integer> endIds,
      StopRule stopRule,
      Listener listener) {
    int further = share.stream().mapToInt(s -> s.cap - s.length).max().orElse(0);
    TokenBatch known = TokenBatch.of(share.stream().map(Sequence::known).toList());
    try (KeyValueCache cache =
        new KeyValueCache(
            known,
            further,
            architecture.layers(),
            architecture.keyHeads(),
            architecture.headSize())) {
      List<Sequence> active = share;
      float[] logits =
          TensorScope.with(
              () -> {
                Tensor hidden = model.hidden(known, cache.prefill(known));
                int[] last =
                    IntStream.range(0, known.sequences())
                        .map(s -> known.start(s) + known.length(s) - 1)
                        .toArray();
                return model.logits(hidden.embedding(Tensor.indices(last))).toFloats();
              });
      while (true) {
        sample(active, logits, sampler, endIds, stopRule, listener);
        active = unfinished(active, cache);
        int held = architecture.keysHoldUpTo();
        if (active.stream().anyMatch(s -> s.finished == null && s.position() == held)) {
          return active.stream().filter(s -> s.finished == null).toList();
        }
        if (active.isEmpty()) {
          return active;
        }
        logits = next(active, cache);
      }
    }
  }

  private void sample(
      List<Sequence> active,
      float[] logits,
      TokenSampler sampler,
      Set<Integer> endIds,
      StopRule stopRule,
      Listener listener) {
    int vocabulary = architecture.vocabularySize();
    for (int i = 0; i < active.size(); i++) {
      Sequence sequence = active.get(i);
      if (sequence.finished == null) {
        float[] row = Arrays.copyOfRange(logits, i * vocabulary, (i + 1) * vocabulary);
        int token = sampler.next(row, sequence.prompt, sequence.written(), sequence.random);
        sequence.add(token, endIds, stopRule, listener);
      }
    }
  }

  /** Finished sequences leave the cache once they are a third of it: leaving copies the rest. */
  private static List<Sequence> unfinished(List<Sequence> active, KeyValueCache cache) {
    int[] going =
        IntStream.range(0, active.size()).filter(i -> active.get(i).finished == null).toArray();
    if (going.length == 0) {
      return List.of();
    }
    if (3 * going.length > 2 * active.size()) {
      return active;
    }
    cache.retain(going);
    return Arrays.stream(going).mapToObj(active::get).toList();
  }

  private float[] next(List<Sequence> active, KeyValueCache cache) {
    int[] ids = active.stream().mapToInt(Sequence::newest).toArray();
    int[] positions = active.stream().mapToInt(Sequence::position).toArray();
    TokenBatch batch = TokenBatch.next(ids, positions);
    return TensorScope.with(() -> model.logits(model.hidden(batch, cache.next())).toFloats());
  }
}
