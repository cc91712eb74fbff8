package org.attune.model.decoder;

import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.dropout.DropoutRates;

/**
 * What the {@code config.json} of every decoder like Llama says.
 *
 * @param vocabularySize V
 * @param hiddenSize C
 * @param intermediateSize channels inside the feed-forward block
 * @param contextLength {@code max_position_embeddings}
 * @param normEpsilon added to the mean square in norms
 * @param attentionDropout share of attention's weights that training drops
 * @param tied whether the output layer shares the embedding's weights
 * @param initializerRange the standard deviation of freshly made weights
 */
public record DecoderSettings(
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    HeadLayout heads,
    int contextLength,
    double normEpsilon,
    double attentionDropout,
    boolean tied,
    double initializerRange) {

  /**
   * Reads the shared keys.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if one is missing or out of range
   */
  public static DecoderSettings read(ConfigJson json, DecoderDefaults defaults) {
    return new DecoderSettings(
        json.atLeastOne("vocab_size"),
        json.atLeastOne("hidden_size"),
        json.atLeastOne("intermediate_size"),
        json.atLeastOne("num_hidden_layers"),
        HeadLayout.read(json, defaults),
        json.integer("max_position_embeddings", defaults.contextLength()),
        json.number("rms_norm_eps", defaults.normEpsilon()),
        DropoutRates.read(json, "attention_dropout", 0),
        json.flag("tie_word_embeddings", defaults.tied()),
        json.number("initializer_range", 0.02));
  }
}
