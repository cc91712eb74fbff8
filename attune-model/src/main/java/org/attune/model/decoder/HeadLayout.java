package org.attune.model.decoder;

import org.attune.model.checkpoint.ConfigJson;

/**
 * The heads of a layer.
 *
 * @param heads H, query heads
 * @param keyHeads K, key and value heads; divides {@code heads}. Ainslie et al. 2023
 *     (arXiv:2305.13245)
 * @param headSize D, channels of each
 */
public record HeadLayout(int heads, int keyHeads, int headSize) {

  /** Reads the heads; a missing size is the share of {@code hidden_size}. */
  static HeadLayout read(ConfigJson json, DecoderDefaults defaults) {
    int hiddenSize = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    boolean ownSize = json.has("head_dim") || defaults.headSize() > 0;
    if (heads < 1 || (hiddenSize % heads != 0 && !ownSize)) {
      throw json.mismatch(
          "num_attention_heads", "a divisor of hidden_size where head_dim is absent");
    }
    int keyHeads =
        defaults.keyHeads() == DecoderDefaults.KeyHeads.AS_QUERY_HEADS
            ? json.integer("num_key_value_heads", heads)
            : json.integer("num_key_value_heads");
    if (keyHeads < 1 || heads % keyHeads != 0) {
      throw json.mismatch("num_key_value_heads", "a divisor of num_attention_heads");
    }
    int headSize =
        json.integer(
            "head_dim", defaults.headSize() > 0 ? defaults.headSize() : hiddenSize / heads);
    if (headSize < 1) {
      throw json.mismatch("head_dim", "at least 1");
    }
    return new HeadLayout(heads, keyHeads, headSize);
  }

  /** As many key heads as heads, each a share of {@code hidden_size}. */
  public static HeadLayout ofEqualShares(ConfigJson json) {
    int hiddenSize = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    if (heads < 1 || hiddenSize % heads != 0) {
      throw json.mismatch("num_attention_heads", "a divisor of hidden_size");
    }
    return new HeadLayout(heads, heads, hiddenSize / heads);
  }

  /** The same heads with fewer key heads. */
  public HeadLayout withKeyHeads(int fewer) {
    return new HeadLayout(heads, fewer, headSize);
  }

  /** Channels of all queries of a token. */
  public long queryWidth() {
    return (long) heads * headSize;
  }

  /** Channels of all keys, or values, of a token. */
  public long keyWidth() {
    return (long) keyHeads * headSize;
  }
}
