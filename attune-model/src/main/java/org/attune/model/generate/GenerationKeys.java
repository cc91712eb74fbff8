package org.attune.model.generate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.generate.BeamSettings.EarlyStopping;
import org.attune.model.generate.logits.BiasedSequence;

/**
 * The keys of {@code generation_config.json}. Where the file is silent, the defaults of
 * transformers hold. Keys that change no token, such as those of caches, are left alone.
 */
final class GenerationKeys {
  /** Keys that would change the tokens and are not understood, each with the values that do not. */
  private static final Map<String, List<String>> REFUSED =
      Map.ofEntries(
          Map.entry("guidance_scale", List.of("1", "1.0")),
          Map.entry("penalty_alpha", List.of("0", "0.0")),
          Map.entry("num_beam_groups", List.of("1")),
          Map.entry("diversity_penalty", List.of("0", "0.0")),
          Map.entry("constraints", List.of()),
          Map.entry("force_words_ids", List.of()),
          Map.entry("dola_layers", List.of()),
          Map.entry("watermarking_config", List.of()),
          Map.entry("top_h", List.of()),
          Map.entry("max_time", List.of()),
          Map.entry("token_healing", List.of("false")),
          Map.entry("remove_invalid_values", List.of("false")));

  private GenerationKeys() {}

  static SamplingConfig.Builder read(ConfigJson json) {
    refuse(json);
    SamplingConfig.Builder sampling =
        SamplingConfig.builder()
            .temperature(json.flag("do_sample", false) ? json.number("temperature", 1) : 0)
            .topK(json.integer("top_k", 50))
            .topP(json.number("top_p", 1))
            .minP(json.number("min_p", 0))
            .typicalP(json.number("typical_p", 1))
            .epsilonCutoff(json.number("epsilon_cutoff", 0))
            .etaCutoff(json.number("eta_cutoff", 0))
            .repetitionPenalty(json.number("repetition_penalty", 1))
            .presencePenalty(json.number("presence_penalty", 0))
            .frequencyPenalty(json.number("frequency_penalty", 0))
            .noRepeatNgramSize(json.integer("no_repeat_ngram_size", 0))
            .badWords(lists(json, "bad_words_ids"))
            .sequenceBias(biases(json))
            .suppressTokens(json.integers("suppress_tokens"))
            .beginSuppressTokens(json.integers("begin_suppress_tokens"))
            .forcedBosId(optional(json, "forced_bos_token_id"))
            .forcedEosIds(json.integers("forced_eos_token_id"))
            .minLength(json.integer("min_length", 0))
            .minNewTokens(json.integer("min_new_tokens", 0))
            .beams(json.integer("num_beams", 1))
            .lengthPenalty(json.number("length_penalty", 1))
            .earlyStopping(earlyStopping(json))
            .renormalize(json.flag("renormalize_logits", false))
            .samplesPerPrompt(json.integer("num_return_sequences", 1))
            .stopStrings(json.texts("stop_strings"));
    // as in transformers, a limit on new tokens replaces one on all tokens
    if (json.has("max_new_tokens")) {
      sampling.maxNewTokens(json.integer("max_new_tokens"));
    } else if (json.has("max_length")) {
      sampling.maxLength(json.integer("max_length")).maxNewTokens(json.integer("max_length"));
    }
    readLengthDecay(json, sampling);
    return sampling;
  }

  private static void refuse(ConfigJson json) {
    List<String> problems = new ArrayList<>();
    REFUSED.forEach(
        (key, harmless) -> {
          if (json.has(key) && !harmless.contains(json.value(key).toString())) {
            problems.add("%s = %s".formatted(key, json.value(key)));
          }
        });
    if (!problems.isEmpty()) {
      problems.sort(null);
      throw new CheckpointException(
          "%s asks for what Attune's generation does not have: %s. It would change the text; remove the keys to generate without."
              .formatted(json.file(), String.join(", ", problems)));
    }
  }

  private static List<List<Integer>> lists(ConfigJson json, String key) {
    List<List<Integer>> lists = new ArrayList<>();
    if (json.has(key)) {
      if (!json.value(key).isArray()) {
        throw json.mismatch(key, "a list of lists of token ids");
      }
      for (JsonNode list : json.value(key)) {
        lists.add(ids(json, key, list));
      }
    }
    return lists;
  }

  private static List<Integer> ids(ConfigJson json, String key, JsonNode list) {
    List<Integer> ids = new ArrayList<>();
    for (JsonNode id : list) {
      if (!id.canConvertToInt() || !id.isIntegralNumber()) {
        throw json.mismatch(key, "a list of lists of token ids");
      }
      ids.add(id.intValue());
    }
    if (!list.isArray()) {
      throw json.mismatch(key, "a list of lists of token ids");
    }
    return ids;
  }

  private static List<BiasedSequence> biases(ConfigJson json) {
    String key = "sequence_bias";
    List<BiasedSequence> biases = new ArrayList<>();
    if (json.has(key)) {
      for (JsonNode pair : json.value(key)) {
        if (!pair.isArray() || pair.size() != 2 || !pair.get(1).isNumber()) {
          throw json.mismatch(key, "a list of pairs of token ids and bias");
        }
        biases.add(new BiasedSequence(ids(json, key, pair.get(0)), pair.get(1).doubleValue()));
      }
    }
    return biases;
  }

  private static void readLengthDecay(ConfigJson json, SamplingConfig.Builder sampling) {
    String key = "exponential_decay_length_penalty";
    if (json.has(key)) {
      JsonNode pair = json.value(key);
      if (!pair.isArray()
          || pair.size() != 2
          || !pair.get(0).isIntegralNumber()
          || !pair.get(1).isNumber()) {
        throw json.mismatch(key, "a pair of start and factor");
      }
      sampling.lengthDecay(pair.get(0).intValue(), pair.get(1).doubleValue());
    }
  }

  private static EarlyStopping earlyStopping(ConfigJson json) {
    String key = "early_stopping";
    if (!json.has(key)) {
      return EarlyStopping.NO;
    }
    return switch (json.value(key).asText()) {
      case "true" -> EarlyStopping.YES;
      case "false" -> EarlyStopping.NO;
      case "never" -> EarlyStopping.NEVER;
      default -> throw json.mismatch(key, "true, false or \"never\"");
    };
  }

  private static OptionalInt optional(ConfigJson json, String key) {
    return json.has(key) ? OptionalInt.of(json.integer(key)) : OptionalInt.empty();
  }
}
