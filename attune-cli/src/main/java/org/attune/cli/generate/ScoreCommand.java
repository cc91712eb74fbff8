package org.attune.cli.generate;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.attune.cli.terminal.JsonOutput;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.pipeline.Classification;
import org.attune.model.pipeline.TextClassifier;
import org.attune.model.transformer.Completions;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code attune score}: how likely a causal model finds a text, or what a reward model thinks of
 * it.
 */
@Command(
    name = "score",
    description = "Says how likely a model finds a text, or what a reward model thinks of it.",
    footer = {
      "",
      "Examples:",
      "  attune score --model bundled/stories260k --text \"Once upon a time\" --json",
      "  attune score --model runs/reward --prompt \"A story:\" --text \"They were happy.\""
    })
public final class ScoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelArgument model;
  @Mixin private AdapterArgument adapter;

  @Option(
      names = "--text",
      required = true,
      paramLabel = "TEXT",
      description = "The text; - reads standard input.")
  private String text = "";

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What the text answers or continues; its tokens are not in the sum.")
  private @Nullable String prompt;

  @Option(names = "--dtype", description = "${COMPLETION-CANDIDATES}; default fp32.")
  private ModelArgument.Dtype dtype = ModelArgument.Dtype.FP32;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  private ScoreCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    String scored = PromptText.of(text);
    try (LanguageModel loaded = adapter.load(model.folder(), ModelArgument.type(dtype))) {
      if (loaded.head() != Head.SCORE && loaded.architecture().isEncoder()) {
        throw new CheckpointException(
            "%s is an encoder without a classification head: it neither rewards a text nor says how likely it is. Name a reward model, a classifier, or a causal model."
                .formatted(model.folder()));
      }
      Map<String, Object> result =
          loaded.head() == Head.SCORE ? rewarded(loaded, scored) : likelihood(loaded, scored);
      if (json) {
        JsonOutput.print(out, result);
      } else {
        result.forEach((name, value) -> out.println(name + ": " + value));
        out.flush();
      }
    }
    return 0;
  }

  private Map<String, Object> likelihood(LanguageModel loaded, String scored) {
    return loaded.architecture().decoderStart().isPresent()
        ? likelihoodOfAnswer(loaded, scored)
        : likelihoodOfText(loaded, scored);
  }

  private Map<String, Object> likelihoodOfText(LanguageModel loaded, String scored) {
    String before = prompt == null ? "" : prompt;
    int[] ids = loaded.tokenizer().encode(before + scored);
    int unscored = prompt == null ? 1 : Math.max(1, loaded.tokenizer().encode(prompt).length);
    requireFitting(ids, loaded);
    if (ids.length <= unscored) {
      throw new ParameterException(
          spec.commandLine(),
          "--text \"%s\" has no token to score: the first one of all has nothing before it. Give a longer text."
              .formatted(scored));
    }
    int[] first = Arrays.copyOf(ids, 1);
    float[] later = logProbabilities(first, Arrays.copyOfRange(ids, 1, ids.length), loaded);
    List<@Nullable Double> all = new ArrayList<>();
    all.add(null);
    double sum = 0;
    for (int i = 1; i < ids.length; i++) {
      all.add((double) later[i - 1]);
      sum += i < unscored ? 0 : later[i - 1];
    }
    return result(ids, all, sum, ids.length - unscored);
  }

  /** The encoder reads the prompt; the text, with its end token, is what the decoder may write. */
  private Map<String, Object> likelihoodOfAnswer(LanguageModel loaded, String scored) {
    if (prompt == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--prompt is missing: %s has an encoder that reads a prompt, and its decoder's answer is --text. Give both."
              .formatted(loaded.source()));
    }
    int[] asked = loaded.tokenizer().encode(prompt);
    int[] answer = loaded.tokenizer().encode(scored);
    if (asked.length == 0 || answer.length == 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--prompt and --text need a token each, but have %d and %d. Give longer texts."
              .formatted(asked.length, answer.length));
    }
    List<@Nullable Double> all = new ArrayList<>();
    double sum = 0;
    for (float each : logProbabilities(asked, answer, loaded)) {
      all.add((double) each);
      sum += each;
    }
    return result(answer, all, sum, answer.length);
  }

  private static Map<String, Object> result(
      int[] ids, List<@Nullable Double> logProbabilities, double sum, int count) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("token_ids", Arrays.stream(ids).boxed().toList());
    result.put("log_probs", logProbabilities);
    result.put("sum", sum);
    result.put("perplexity", Math.exp(-sum / count));
    return result;
  }

  /** log p of each token of a completion. */
  private float[] logProbabilities(int[] before, int[] completion, LanguageModel loaded) {
    try (Replica replica = loaded.frozenReplica(ModelArgument.type(dtype));
        TensorScope scope = TensorScope.open()) {
      Completions completions = replica.completions(List.of(before), List.of(completion));
      return GradientMode.without(
          () ->
              replica
                  .logits(completions.predicting(replica.hidden(completions.batch())))
                  .logSoftmax()
                  .gather(1, Tensor.of(completion, completion.length, 1))
                  .toFloats());
    }
  }

  private Map<String, Object> rewarded(LanguageModel loaded, String scored) {
    Classification scores;
    try (Workers workers = new Workers(1);
        TextClassifier classifier = TextClassifier.of(loaded, workers)) {
      scores =
          prompt == null
              ? classifier.classify(List.of(scored)).get(0)
              : classifier.classify(List.of(prompt), List.of(scored)).get(0);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("logits", scores.logits());
    result.put("scores", scores.scores());
    return result;
  }

  private void requireFitting(int[] ids, LanguageModel loaded) {
    int context = loaded.architecture().contextLength();
    if (ids.length > context) {
      throw new ParameterException(
          spec.commandLine(),
          "--text%s has %,d tokens, but the context of %s holds %,d. Shorten it."
              .formatted(
                  prompt == null ? "" : " with --prompt", ids.length, loaded.source(), context));
    }
  }
}
