package org.attune.cli.generate;

import java.util.List;
import java.util.OptionalInt;
import org.attune.data.InvalidInputException;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.generate.Generation;
import org.attune.model.generate.GenerationListener;
import org.attune.model.generate.GenerationRequest;
import org.attune.model.generate.Generator;
import org.attune.model.generate.SamplingConfig;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.tensor.DType;
import org.attune.tensor.Workers;

/** A loaded model that continues texts, one at a time. */
final class TextWriter implements AutoCloseable {
  private final LanguageModel model;
  private final Replica replica;
  private final Workers workers = new Workers(1);
  private final Generator generator;

  TextWriter(LanguageModel model, DType type) {
    this.model = model;
    replica = model.frozenReplica(type);
    generator = model.generator(replica, workers);
  }

  /** Takes over a model. */
  static TextWriter of(LanguageModel model, DType type) {
    if (model.head() == Head.SCORE) {
      model.close();
      throw new CheckpointException(
          "%s scores texts and writes none. Use attune score, or name a causal model."
              .formatted(model.source()));
    }
    if (model.head() != Head.CAUSAL) {
      model.close();
      throw new CheckpointException(
          "%s reads texts and writes none. Name a causal model.".formatted(model.source()));
    }
    return new TextWriter(model, type);
  }

  LanguageModel model() {
    return model;
  }

  Tokenizer tokenizer() {
    return model.tokenizer();
  }

  /** The ids of a prompt; of an empty one the token that begins a text. */
  int[] encode(String prompt) {
    int[] ids = tokenizer().encode(prompt);
    if (ids.length > 0) {
      return ids;
    }
    OptionalInt bos = tokenizer().bosId();
    return new int[] {
      bos.isPresent()
          ? bos.getAsInt()
          : model
              .generationDefaults()
              .bosId()
              .orElseThrow(
                  () ->
                      new InvalidInputException(
                          "--prompt is empty, and %s names no token that begins a text. Give a prompt."
                              .formatted(model.source())))
    };
  }

  /** The samples of a prompt, or its best beams. */
  List<Generation> write(int[] prompt, SamplingConfig sampling, GenerationListener listener) {
    GenerationRequest request =
        new GenerationRequest(prompt, sampling, model.endIds()).listenedToBy(listener);
    return generator.generate(List.of(request)).get(0);
  }

  @Override
  public void close() {
    replica.close();
    workers.close();
    model.close();
  }
}
