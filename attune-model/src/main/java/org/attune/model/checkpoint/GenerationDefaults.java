package org.attune.model.checkpoint;

import java.util.List;
import java.util.OptionalInt;

/**
 * What a model says of generation, in its {@code generation_config.json}.
 *
 * @param bosId the token that begins a text
 * @param eosIds the tokens that end generation; from {@code config.json} if there are none here
 * @param padId the token that fills up short rows
 * @param settings all keys, for whoever generates; those of {@code config.json} for a model without
 *     the file
 */
public record GenerationDefaults(
    OptionalInt bosId, List<Integer> eosIds, OptionalInt padId, ConfigJson settings) {
  public GenerationDefaults {
    eosIds = List.copyOf(eosIds);
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
        generation);
  }

  private static OptionalInt either(String key, ConfigJson generation, ConfigJson config) {
    ConfigJson json = generation.has(key) ? generation : config;
    return json.has(key) ? OptionalInt.of(json.integer(key)) : OptionalInt.empty();
  }
}
