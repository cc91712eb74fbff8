package org.attune.model.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code config.json} says of a model and the head of its GGUF file does not: it is in the
 * tensors, or llama.cpp has it in its code.
 */
final class ConfigRest {
  /** The layers of the largest Gemma 2 and 3, which scale attention otherwise than the others. */
  private static final int GEMMA2_27B_LAYERS = 46;

  private static final int GEMMA3_27B_LAYERS = 62;

  /** Every sixth layer of Gemma 3 attends to everything. */
  private static final int GEMMA3_PERIOD = 6;

  private ConfigRest() {}

  static void tied(ObjectNode config, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
    config.put("tie_word_embeddings", !tensors.containsKey("output.weight"));
  }

  /** Said where it is so; families that never have biases know no such key. */
  static void attentionBias(
      ObjectNode config, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
    if (tensors.containsKey("blk.0.attn_output.bias")) {
      config.put("attention_bias", true);
    }
  }

  static void feedForwardBias(
      ObjectNode config, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
    config.put("mlp_bias", tensors.containsKey("blk.0.ffn_down.bias"));
  }

  static void scaledPositions(
      ObjectNode config, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
    String prefix = metadata.text("general.architecture") + ".rope.scaling.";
    String type = metadata.optionalText(prefix + "type").orElse("none");
    switch (type) {
      case "none" -> {}
      case "linear", "yarn" -> {
        ObjectNode scaling = config.putObject("rope_scaling").put("rope_type", type);
        metadata.number(prefix + "factor").ifPresent(value -> scaling.put("factor", value));
        metadata
            .integer(prefix + "original_context_length")
            .ifPresent(value -> scaling.put("original_max_position_embeddings", value));
        metadata
            .number(prefix + "yarn_attn_factor")
            .ifPresent(value -> scaling.put("attention_factor", value));
        metadata
            .number(prefix + "yarn_beta_fast")
            .ifPresent(value -> scaling.put("beta_fast", value));
        metadata
            .number(prefix + "yarn_beta_slow")
            .ifPresent(value -> scaling.put("beta_slow", value));
      }
      case "longrope" -> {} // its factors are in tensors, which name the scaling
      default -> throw metadata.mismatch(prefix + "type", "none, linear, yarn or longrope", type);
    }
  }

  static void queryBias(ObjectNode config, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
    config.put("qkv_bias", tensors.containsKey("blk.0.attn_q.bias"));
  }

  /**
   * {@code intermediate_size} of a file that leaves it out because no layer is dense: the width of
   * Mixtral's experts; Qwen's configuration must have the key and computes nothing with it.
   */
  static void feedForwardWidth(
      ObjectNode config, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
    if (tensors.keySet().stream().noneMatch(name -> name.endsWith(".ffn_up.weight"))) {
      width(config, "intermediate_size", tensors.get("blk.0.ffn_up_exps.weight"));
    }
  }

  static void expertWidths(
      ObjectNode config, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
    width(config, "moe_intermediate_size", tensors.get("blk.0.ffn_up_exps.weight"));
    width(config, "shared_expert_intermediate_size", tensors.get("blk.0.ffn_up_shexp.weight"));
  }

  private static void width(ObjectNode config, String key, @Nullable GgufTensor up) {
    if (!config.has(key) && up != null) {
      config.put(key, up.shape().get(up.shape().size() - 2));
    }
  }

  static void gemma2(ObjectNode config, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
    config.put("hidden_activation", "gelu_pytorch_tanh");
    config.put(
        "query_pre_attn_scalar",
        config.path("num_hidden_layers").intValue() == GEMMA2_27B_LAYERS
            ? config.path("hidden_size").intValue() / config.path("num_attention_heads").intValue()
            : config.path("head_dim").intValue());
  }

  static void gemma3(ObjectNode config, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
    int layers = config.path("num_hidden_layers").intValue();
    config.put(
        "query_pre_attn_scalar",
        layers == GEMMA3_27B_LAYERS
            ? config.path("hidden_size").intValue() / config.path("num_attention_heads").intValue()
            : config.path("head_dim").intValue());
    config.put(
        "rope_local_base_freq", metadata.number("gemma3.rope.freq_base_swa").orElse(10_000.0));
    config.put("sliding_window_pattern", GEMMA3_PERIOD);
    ArrayNode types = config.putArray("layer_types");
    for (int i = 1; i <= layers; i++) {
      types.add(i % GEMMA3_PERIOD == 0 ? "full_attention" : "sliding_attention");
    }
    for (String cap : new String[] {"attn_logit_softcapping", "final_logit_softcapping"}) {
      if (!config.has(cap)) {
        config.putNull(cap);
      }
    }
  }

  static void phi3(ObjectNode config, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
    config.put("hidden_act", "silu");
    metadata
        .integer("phi3.rope.scaling.original_context_length")
        .ifPresent(length -> config.put("original_max_position_embeddings", length));
    int headSize =
        config.path("hidden_size").intValue() / config.path("num_attention_heads").intValue();
    metadata
        .integer("phi3.rope.dimension_count")
        .filter(turned -> turned != headSize)
        .ifPresent(turned -> config.put("partial_rotary_factor", (double) turned / headSize));
    if (!config.has("sliding_window")) {
      config.putNull("sliding_window");
    }
  }

  static void falcon(ObjectNode config, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
    int keyHeads = config.path("num_kv_heads").intValue();
    boolean twoNorms = tensors.containsKey("blk.0.attn_norm_2.weight");
    boolean grouped = keyHeads > 1 && keyHeads < config.path("num_attention_heads").intValue();
    config.put("multi_query", keyHeads == 1);
    config.put("new_decoder_architecture", twoNorms || grouped);
    if (twoNorms || grouped) {
      config.put("num_ln_in_parallel_attn", twoNorms ? 2 : 1);
    }
    config.put("parallel_attn", true);
    config.put("bias", tensors.containsKey("blk.0.attn_qkv.bias"));
    config.put("alibi", false);
  }
}
