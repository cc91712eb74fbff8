package org.attune.model.checkpoint;

import java.util.List;
import java.util.OptionalInt;

/**
 * How a model wants to generate, from its {@code generation_config.json}; where that is silent, the
 * defaults of transformers. Keys not named here are ignored.
 *
 * @param bosId the token that begins a text
 * @param eosIds the tokens that end generation; from {@code config.json} if there are none here
 * @param padId the token that fills up short rows
 * @param doSample whether to sample; greedy otherwise
 * @param temperature divides the logits; default 1
 * @param topK keeps that many of the most likely tokens, 0 keeps all; default 50
 * @param topP keeps the most likely tokens of that total probability; default 1, all
 * @param minP drops tokens less likely than that part of the likeliest; default 0, none
 * @param repetitionPenalty divides the logits of tokens that occurred; default 1
 * @param noRepeatNgramSize forbids a second occurrence of any run of that length; default 0, off
 * @param minNewTokens no end before that many new tokens; default 0
 * @param maxNewTokens the most new tokens, if the model says
 * @param maxLength the most tokens of prompt and continuation together, if the model says
 * @param stopStrings texts that end generation
 */
public record GenerationDefaults(
    OptionalInt bosId,
    List<Integer> eosIds,
    OptionalInt padId,
    boolean doSample,
    double temperature,
    int topK,
    double topP,
    double minP,
    double repetitionPenalty,
    int noRepeatNgramSize,
    int minNewTokens,
    OptionalInt maxNewTokens,
    OptionalInt maxLength,
    List<String> stopStrings) {
  public GenerationDefaults {
    eosIds = List.copyOf(eosIds);
    stopStrings = List.copyOf(stopStrings);
  }

  /**
   * @param generation the content of {@code generation_config.json}, or of {@code config.json} for
   *     a model without one
   * @param config the content of {@code config.json}, for the ids of special tokens
   */
  static GenerationDefaults of(ConfigJson generation, ConfigJson config) {
    List<Integer> eosIds = generation.integers("eos_token_id");
    return new GenerationDefaults(
        either("bos_token_id", generation, config),
        eosIds.isEmpty() ? config.integers("eos_token_id") : eosIds,
        either("pad_token_id", generation, config),
        generation.flag("do_sample", false),
        generation.number("temperature", 1),
        generation.integer("top_k", 50),
        generation.number("top_p", 1),
        generation.number("min_p", 0),
        generation.number("repetition_penalty", 1),
        generation.integer("no_repeat_ngram_size", 0),
        generation.integer("min_new_tokens", 0),
        optional("max_new_tokens", generation),
        optional("max_length", generation),
        generation.texts("stop_strings"));
  }

  private static OptionalInt either(String key, ConfigJson generation, ConfigJson config) {
    return optional(key, generation.has(key) ? generation : config);
  }

  private static OptionalInt optional(String key, ConfigJson json) {
    return json.has(key) ? OptionalInt.of(json.integer(key)) : OptionalInt.empty();
  }
}
