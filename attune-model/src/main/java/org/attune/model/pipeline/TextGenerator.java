package org.attune.model.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.generate.Generation;
import org.attune.model.generate.Generator;
import org.attune.model.generate.SamplingConfig;
import org.attune.model.template.Conversation;
import org.attune.model.template.TemplateException;
import org.attune.model.tokenizer.SpecialTokens;
import org.attune.tensor.DType;
import org.attune.tensor.Workers;

/**
 * Continues texts and answers conversations, many at once.
 *
 * <pre>{@code
 * try (TextGenerator writer = TextGenerator.load(Path.of("models/gpt2"))) {
 *   String story = writer.generate("Once upon a time", sampling).full();
 * }
 * }</pre>
 */
public final class TextGenerator implements AutoCloseable {
  private final LanguageModel model;
  private final Replica replica;
  private final Workers workers = Workers.forMachine();
  private final Generator generator;

  private TextGenerator(LanguageModel model) {
    this.model = model;
    replica = model.frozenReplica(DType.FLOAT32);
    generator = model.generator(replica, workers);
  }

  /** Loads a causal language model, to be freed by {@link #close}. */
  public static TextGenerator load(Path directory) {
    return new TextGenerator(LanguageModel.load(directory, Head.CAUSAL, 0));
  }

  /** Continues a prompt. */
  public GeneratedText generate(String prompt, SamplingConfig sampling) {
    return generate(List.of(prompt), sampling).get(0);
  }

  /** Continues prompts, each with random numbers of its own. */
  public List<GeneratedText> generate(List<String> prompts, SamplingConfig sampling) {
    return written(prompts, SpecialTokens.ADD, sampling);
  }

  /**
   * Answers a conversation.
   *
   * @throws CheckpointException if the model has no chat template
   */
  public GeneratedText answer(Conversation conversation, SamplingConfig sampling) {
    return answer(List.of(conversation), sampling).get(0);
  }

  /**
   * Answers conversations, each with random numbers of its own. One that ends with words of the
   * assistant is gone on with. Prompts are what the chat template makes of the messages.
   *
   * @throws CheckpointException if the model has no chat template
   * @throws TemplateException if the template refuses the messages
   */
  public List<GeneratedText> answer(List<Conversation> conversations, SamplingConfig sampling) {
    List<String> prompts = new ArrayList<>();
    for (Conversation conversation : conversations) {
      prompts.add(
          model
              .chatTemplates()
              .require(conversation.tools() != null)
              .render(conversation.forAnswer()));
    }
    return written(prompts, SpecialTokens.NONE, sampling);
  }

  private List<GeneratedText> written(
      List<String> prompts, SpecialTokens special, SamplingConfig sampling) {
    List<int[]> encoded = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      int[] ids = model.tokenizer().encode(prompts.get(i), special);
      if (ids.length == 0) {
        throw UnreadableTextException.empty(i);
      }
      encoded.add(ids);
    }
    List<Generation> generations = generator.generate(encoded, sampling, model.endIds());
    List<GeneratedText> texts = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      int[] written = generations.get(i).tokens();
      texts.add(new GeneratedText(prompts.get(i), model.continuation(encoded.get(i), written)));
    }
    return texts;
  }

  @Override
  public void close() {
    replica.close();
    workers.close();
    model.close();
  }
}
