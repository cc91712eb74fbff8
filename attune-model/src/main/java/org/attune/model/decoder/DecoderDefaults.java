package org.attune.model.decoder;

/**
 * What transformers takes where a family's {@code config.json} says nothing.
 *
 * @param contextLength {@code max_position_embeddings}
 * @param normEpsilon {@code rms_norm_eps}
 * @param tied {@code tie_word_embeddings}; transformers 4 leaves the key out where it is true
 * @param keyHeads {@code num_key_value_heads}
 * @param headSize {@code head_dim}; 0 for the share of {@code hidden_size}
 */
public record DecoderDefaults(
    int contextLength, double normEpsilon, boolean tied, KeyHeads keyHeads, int headSize) {

  /** Whether the number of key heads may be left out. */
  public enum KeyHeads {
    AS_QUERY_HEADS,
    REQUIRED
  }
}
