package org.attune.model.gguf;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;

/**
 * What llama.cpp takes for granted of a family, so that its files have no place to say otherwise: a
 * model that is different is refused, because llama.cpp would compute another one.
 */
final class GgufLimits {
  private static final int GEMMA2_27B_LAYERS = 46;
  private static final int GEMMA3_27B_LAYERS = 62;
  private static final int GEMMA3_PERIOD = 6;
  private static final double GEMMA3_WINDOW_BASE = 10_000;

  private GgufLimits() {}

  /**
   * Checks a complete configuration.
   *
   * @throws CheckpointException if it is of a model that llama.cpp would take for another one
   */
  static void require(ConfigJson config, String architecture) {
    switch (architecture) {
      case "falcon" -> {
        requireFlag(config, "parallel_attn", true, true);
        requireFlag(config, "alibi", false, false);
        requireFlag(config, "bias", false, false);
        requireText(config, "activation", "gelu");
      }
      case "gemma2" -> {
        requireGemma(config, GEMMA2_27B_LAYERS);
        requireTypes(config, layer -> layer % 2 == 0);
        for (String cap : List.of("attn_logit_softcapping", "final_logit_softcapping")) {
          if (!config.has(cap)) {
            throw refused(config, cap, "a number");
          }
        }
        requireFlag(config, "tie_word_embeddings", true, true);
      }
      case "gemma3" -> {
        requireGemma(config, GEMMA3_27B_LAYERS);
        requireTypes(config, layer -> (layer + 1) % GEMMA3_PERIOD != 0);
        for (String cap : List.of("attn_logit_softcapping", "final_logit_softcapping")) {
          if (config.has(cap)) {
            throw refused(config, cap, "null");
          }
        }
        if (config.texts("layer_types").isEmpty()
            && config.integer("sliding_window_pattern", GEMMA3_PERIOD) != GEMMA3_PERIOD) {
          throw refused(config, "sliding_window_pattern", Integer.toString(GEMMA3_PERIOD));
        }
        if (config.number("rope_local_base_freq") != GEMMA3_WINDOW_BASE) {
          throw refused(config, "rope_local_base_freq", "10000");
        }
      }
      case "phi3" -> requireText(config, "hidden_act", "silu");
      case "qwen2moe" -> {
        requireExpertsInEveryLayer(config);
        requireFlag(config, "norm_topk_prob", false, false);
      }
      case "qwen3moe" -> {
        requireExpertsInEveryLayer(config);
        requireFlag(config, "norm_topk_prob", false, true);
        requireFlag(config, "attention_bias", false, false);
      }
      default -> {}
    }
  }

  private static void requireGemma(ConfigJson config, int layersOf27B) {
    requireText(config, "hidden_activation", "gelu_pytorch_tanh");
    requireFlag(config, "attention_bias", false, false);
    int scalar =
        config.integer("num_hidden_layers") == layersOf27B
            ? config.integer("hidden_size") / config.integer("num_attention_heads")
            : config.integer("head_dim");
    if (config.number("query_pre_attn_scalar") != scalar) {
      throw refused(config, "query_pre_attn_scalar", Integer.toString(scalar));
    }
  }

  private static void requireTypes(ConfigJson config, IntPredicate isSliding) {
    List<String> types = config.texts("layer_types");
    List<String> usual =
        IntStream.range(0, config.integer("num_hidden_layers"))
            .mapToObj(i -> isSliding.test(i) ? "sliding_attention" : "full_attention")
            .toList();
    if (!types.isEmpty() && !types.equals(usual)) {
      throw refused(config, "layer_types", usual.toString());
    }
  }

  private static void requireExpertsInEveryLayer(ConfigJson config) {
    if (config.integer("decoder_sparse_step", 1) != 1) {
      throw refused(config, "decoder_sparse_step", "1");
    }
    if (!config.integers("mlp_only_layers").isEmpty()) {
      throw refused(config, "mlp_only_layers", "empty");
    }
  }

  private static void requireFlag(ConfigJson config, String key, boolean absent, boolean required) {
    if (config.flag(key, absent) != required) {
      throw refused(config, key, Boolean.toString(required));
    }
  }

  private static void requireText(ConfigJson config, String key, String required) {
    if (!config.text(key, required).equals(required)) {
      throw refused(config, key, required);
    }
  }

  private static CheckpointException refused(ConfigJson config, String key, String rule) {
    return config.mismatch(
        key, rule + " to be written as GGUF, as llama.cpp takes it for; export to a folder");
  }
}
