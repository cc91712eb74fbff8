package org.attune.cli.quickstart;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.generate.Generation;
import org.attune.model.generate.SamplingConfig;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.tensor.DType;
import org.attune.tensor.Workers;

/**
 * Continues beginnings with a model, always under the same conditions: temperature 1, no filter,
 * the same cap.
 */
final class StoryWriter implements AutoCloseable {
  private final LanguageModel model;
  private final Replica replica;
  private final Workers workers;

  /**
   * What a model wrote.
   *
   * @param prompt token ids
   * @param text the new text alone
   */
  record Continuation(int[] prompt, Generation generation, String text) {}

  private StoryWriter(LanguageModel model, Workers workers) {
    this.model = model;
    this.workers = workers;
    replica = model.frozenReplica(DType.FLOAT32);
  }

  static StoryWriter open(Path directory, Workers workers) {
    return new StoryWriter(LanguageModel.load(directory, Head.CAUSAL, 0), workers);
  }

  List<Continuation> write(List<String> prompts, long seed) {
    Tokenizer tokenizer = model.tokenizer();
    List<int[]> ids = prompts.stream().map(tokenizer::encode).toList();
    SamplingConfig sampling =
        SamplingConfig.builder().maxNewTokens(QuickstartRecipe.MAX_NEW_TOKENS).seed(seed).build();
    List<Generation> generations =
        model.generator(replica, workers).generate(ids, sampling, model.endIds());
    List<Continuation> continuations = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Generation generation = generations.get(i);
      continuations.add(
          new Continuation(
              ids.get(i), generation, tokenizer.continuation(ids.get(i), generation.tokens())));
    }
    return continuations;
  }

  Replica replica() {
    return replica;
  }

  @Override
  public void close() {
    replica.close();
    model.close();
  }
}
