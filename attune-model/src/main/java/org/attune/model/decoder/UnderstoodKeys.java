package org.attune.model.decoder;

import java.util.Set;
import java.util.regex.Pattern;
import org.attune.model.checkpoint.ConfigJson;

/**
 * Guards against keys of {@code config.json} that change the computation and that a family would
 * pass over.
 *
 * <p>A key whose name speaks of attention, positions, norms, biases and the like must be one that
 * the family reads, or be off. Keys that choose between ways of computing the same are ignored.
 */
public final class UnderstoodKeys {
  private static final Pattern CONCERNS =
      Pattern.compile(
          "rope|rotary|attn|attention|window|softcap|alibi|clip_qkv|position|dropout|pdrop|bias"
              + "|qk_|norm|scal|expert|multiplier|quantization");

  private static final Set<String> OF_ALL =
      Set.of(
          "num_attention_heads",
          "rms_norm_eps",
          "attention_dropout",
          "rope_theta",
          "rope_scaling",
          "rope_parameters",
          "partial_rotary_factor",
          "max_position_embeddings",
          "original_max_position_embeddings");

  /** The implementation of attention, and what to return beside the result. */
  private static final Pattern WITHOUT_EFFECT =
      Pattern.compile("_?attn_implementation.*|_flash_attn.*|use_flash_attn.*|output_attentions");

  private UnderstoodKeys() {}

  /**
   * Checks all keys of a file.
   *
   * @param ofFamily what the family reads beside the keys that all decoders have
   * @throws org.attune.model.checkpoint.CheckpointException naming the first key that neither is
   *     read nor off
   */
  public static void require(ConfigJson json, Set<String> ofFamily) {
    for (String key : json.keys()) {
      boolean understood = OF_ALL.contains(key) || ofFamily.contains(key);
      if (CONCERNS.matcher(key).find()
          && !understood
          && !WITHOUT_EFFECT.matcher(key).matches()
          && !json.isOff(key)) {
        throw json.mismatch(key, "absent, false or 0 (Attune does not compute it for this family)");
      }
    }
  }
}
