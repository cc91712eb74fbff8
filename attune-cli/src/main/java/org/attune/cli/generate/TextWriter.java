package org.attune.cli.generate;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.generate.Generation;
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

  static TextWriter load(Path folder, DType type) {
    LanguageModel model = LanguageModel.load(folder);
    if (model.head() == Head.SCORE) {
      model.close();
      throw new CheckpointException(
          "%s scores texts and writes none. Use attune score, or name a causal model."
              .formatted(folder));
    }
    if (model.head() != Head.CAUSAL) {
      model.close();
      throw new CheckpointException(
          "%s reads texts and writes none. Name a causal model.".formatted(folder));
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
                      new IllegalArgumentException(
                          "--prompt is empty, and %s names no token that begins a text. Give a prompt."
                              .formatted(model.source())))
    };
  }

  Generation write(int[] prompt, SamplingConfig sampling, Continuation listener) {
    Generator.StopRule stop =
        (index, tokens) ->
            !sampling.stopStrings().isEmpty()
                && sampling.stopStrings().stream().anyMatch(listener.text()::contains);
    return generator
        .generate(
            List.of(prompt), sampling, model.endIds(), stop, (index, token) -> listener.add(token))
        .get(0);
  }

  @Override
  public void close() {
    replica.close();
    workers.close();
    model.close();
  }
}
