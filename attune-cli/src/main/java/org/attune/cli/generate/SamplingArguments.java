package org.attune.cli.generate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.attune.model.LanguageModel;
import org.attune.model.generate.BeamSettings.EarlyStopping;
import org.attune.model.generate.SamplingConfig;
import org.attune.model.generate.logits.BiasedSequence;
import org.attune.model.tokenizer.SpecialTokens;
import org.attune.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How tokens are chosen; what is not given is as the model's generation_config.json says. */
final class SamplingArguments {
  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "The most tokens to write; 256 if the model does not say.")
  private @Nullable Integer maxNewTokens;

  @Option(
      names = "--min-new-tokens",
      paramLabel = "N",
      description = "No end before that many new tokens.")
  private @Nullable Integer minNewTokens;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description = "The most tokens of prompt and continuation together.")
  private @Nullable Integer maxLength;

  @Option(
      names = "--min-length",
      paramLabel = "N",
      description = "No end before prompt and continuation have that many.")
  private @Nullable Integer minLength;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "0 takes the likeliest token, 1 draws as the model thinks.")
  private @Nullable Double temperature;

  @Option(names = "--top-k", paramLabel = "K", description = "Draws from the K likeliest; 0: all.")
  private @Nullable Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Draws from the likeliest that make up P together; 1: all.")
  private @Nullable Double topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = "Draws from those at least P times as likely as the likeliest.")
  private @Nullable Double minP;

  @Option(
      names = "--typical-p",
      paramLabel = "P",
      description = "Draws from the most typical that make up P together; 1: all.")
  private @Nullable Double typicalP;

  @Option(
      names = "--epsilon-cutoff",
      paramLabel = "E",
      description = "Draws from those of at least probability E; 0: all.")
  private @Nullable Double epsilonCutoff;

  @Option(
      names = "--eta-cutoff",
      paramLabel = "E",
      description = "As epsilon-cutoff, lower the less certain the model is.")
  private @Nullable Double etaCutoff;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "R",
      description = "Above 1: tokens that occurred get less likely.")
  private @Nullable Double repetitionPenalty;

  @Option(
      names = "--presence-penalty",
      paramLabel = "A",
      description = "Is subtracted from logits of written tokens.")
  private @Nullable Double presencePenalty;

  @Option(
      names = "--frequency-penalty",
      paramLabel = "A",
      description = "Is subtracted for each time a token was written.")
  private @Nullable Double frequencyPenalty;

  @Option(
      names = "--no-repeat-ngram-size",
      paramLabel = "N",
      description = "No run of N tokens comes twice; 0: off.")
  private @Nullable Integer noRepeatNgramSize;

  @Option(names = "--beams", paramLabel = "N", description = "Beam search with N beams; 1: none.")
  private @Nullable Integer beams;

  @Option(
      names = "--length-penalty",
      paramLabel = "X",
      description = "Beams score log p / length^X.")
  private @Nullable Double lengthPenalty;

  @Option(
      names = "--early-stopping",
      paramLabel = "WHEN",
      description = "When beams end: ${COMPLETION-CANDIDATES}.")
  private @Nullable EarlyStopping earlyStopping;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Continuations of the prompt, or best beams.")
  private @Nullable Integer samples;

  @Option(
      names = "--forced-bos-id",
      paramLabel = "ID",
      description = "The token after a prompt of one token.")
  private @Nullable Integer forcedBosId;

  @Option(
      names = "--forced-eos-id",
      paramLabel = "ID",
      split = ",",
      description = "Tokens of which one comes where the length limit is reached.")
  private List<Integer> forcedEosIds = List.of();

  @Option(
      names = "--suppress",
      paramLabel = "ID",
      split = ",",
      description = "Tokens that are never written.")
  private List<Integer> suppressed = List.of();

  @Option(
      names = "--suppress-at-begin",
      paramLabel = "ID",
      split = ",",
      description = "Tokens that are not written first.")
  private List<Integer> suppressedAtBegin = List.of();

  @Option(
      names = "--bad-word",
      paramLabel = "TEXT",
      description = "Is not written, as it stands or after a space; may be given several times.")
  private List<String> badWords = List.of();

  @Option(
      names = "--bias",
      paramLabel = "TEXT=B",
      description = "Adds B to the logits of what completes the text; may be given several times.")
  private Map<String, Double> biases = new LinkedHashMap<>();

  @Option(
      names = "--length-decay-factor",
      paramLabel = "F",
      description = "Above 1: the end gets likelier with each token.")
  private @Nullable Double lengthDecayFactor;

  @Option(
      names = "--length-decay-start",
      paramLabel = "N",
      description = "New tokens before length-decay-factor; default 0.")
  private int lengthDecayStart;

  @Option(
      names = "--renormalize",
      description = "Beams' scores are log-probabilities after all other rules as well.")
  private boolean renormalize;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "Ends the text, which does not hold it; may be given several times.")
  private List<String> stopStrings = List.of();

  @Option(names = "--seed", paramLabel = "S", description = "Of the random choices; default 0.")
  private long seed;

  /** The settings for a model, whose own fill the gaps. */
  SamplingConfig over(LanguageModel model) {
    SamplingConfig.Builder sampling = SamplingConfig.from(model.generationDefaults()).seed(seed);
    set(minNewTokens, sampling::minNewTokens);
    set(maxLength, sampling::maxLength);
    set(minLength, sampling::minLength);
    set(temperature, sampling::temperature);
    set(topK, sampling::topK);
    set(topP, sampling::topP);
    set(minP, sampling::minP);
    set(typicalP, sampling::typicalP);
    set(epsilonCutoff, sampling::epsilonCutoff);
    set(etaCutoff, sampling::etaCutoff);
    set(repetitionPenalty, sampling::repetitionPenalty);
    set(presencePenalty, sampling::presencePenalty);
    set(frequencyPenalty, sampling::frequencyPenalty);
    set(noRepeatNgramSize, sampling::noRepeatNgramSize);
    set(beams, sampling::beams);
    set(lengthPenalty, sampling::lengthPenalty);
    set(earlyStopping, sampling::earlyStopping);
    set(samples, sampling::samplesPerPrompt);
    if (maxNewTokens != null) {
      sampling.maxNewTokens(maxNewTokens);
      if (maxLength == null) {
        sampling.maxLength(0); // what a person asks for replaces the model's own limit
      }
    }
    if (forcedBosId != null) {
      sampling.forcedBosId(OptionalInt.of(forcedBosId));
    }
    if (lengthDecayFactor != null) {
      sampling.lengthDecay(lengthDecayStart, lengthDecayFactor);
    }
    if (renormalize) {
      sampling.renormalize(true);
    }
    setList(forcedEosIds, sampling::forcedEosIds);
    setList(suppressed, sampling::suppressTokens);
    setList(suppressedAtBegin, sampling::beginSuppressTokens);
    setList(stopStrings, sampling::stopStrings);
    setList(
        badWords.stream().flatMap(word -> spellings(model.tokenizer(), word).stream()).toList(),
        sampling::badWords);
    setList(biasedSequences(model), sampling::sequenceBias);
    return sampling.build();
  }

  private List<BiasedSequence> biasedSequences(LanguageModel model) {
    List<BiasedSequence> sequences = new ArrayList<>();
    biases.forEach(
        (text, bias) ->
            spellings(model.tokenizer(), text)
                .forEach(tokens -> sequences.add(new BiasedSequence(tokens, bias))));
    return sequences;
  }

  /** The tokens of a text as it stands and after a space. */
  private static List<List<Integer>> spellings(Tokenizer tokenizer, String text) {
    List<List<Integer>> spellings = new ArrayList<>();
    for (String spelling : List.of(text, " " + text)) {
      List<Integer> tokens = new ArrayList<>();
      for (int id : tokenizer.encode(spelling, SpecialTokens.NONE)) {
        tokens.add(id);
      }
      if (!spellings.contains(tokens)) {
        spellings.add(tokens);
      }
    }
    return spellings;
  }

  private static <T> void set(@Nullable T given, Consumer<T> setting) {
    if (given != null) {
      setting.accept(given);
    }
  }

  private static <T> void setList(List<T> given, Consumer<List<T>> setting) {
    if (!given.isEmpty()) {
      setting.accept(given);
    }
  }
}
