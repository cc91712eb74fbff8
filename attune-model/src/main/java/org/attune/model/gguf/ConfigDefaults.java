package org.attune.model.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.attune.model.checkpoint.ConfigJson;

/** A {@code config.json} in which nothing is left to the defaults of transformers. */
final class ConfigDefaults {
  private static final double ROTARY_BASE = 10_000;
  private static final int GEMMA_HEAD = 256;
  private static final String OTHER_EXPERTS = "num_local_experts";

  private ConfigDefaults() {}

  static ObjectNode complete(ConfigJson config) {
    ObjectNode json = config.toJson();
    if (config.text("model_type").equals("gpt2")) {
      put(json, "n_inner", 4 * config.integer("n_embd"));
      put(json, "layer_norm_epsilon", 1e-5);
      return json;
    }
    int heads = config.integer("num_attention_heads");
    flattenPositions(config, json);
    putOfFamily(config, json);
    put(json, "num_key_value_heads", heads);
    put(json, "head_dim", config.integer("hidden_size") / heads);
    put(json, "rms_norm_eps", 1e-6);
    put(json, "max_position_embeddings", 2048);
    for (String key : new String[] {"rope_parameters", "rope_scaling"}) {
      for (String inner : new String[] {"rope_theta", "partial_rotary_factor"}) {
        if (json.path(key).hasNonNull(inner)) {
          json.put(inner, json.path(key).path(inner).asDouble());
        }
      }
    }
    put(json, "rope_theta", ROTARY_BASE);
    return json;
  }

  /** Gemma 3 has parameters for each type of layer; those of windows are one number. */
  private static void flattenPositions(ConfigJson config, ObjectNode json) {
    JsonNode nested = json.path("rope_parameters");
    JsonNode whole = nested.path("full_attention");
    if (whole.isObject()) {
      JsonNode near = nested.path("sliding_attention");
      if (!near.path("rope_type").asText("default").equals("default")) {
        throw config.mismatch(
            "rope_parameters", "default for sliding_attention to be written as GGUF");
      }
      json.put("rope_local_base_freq", near.path("rope_theta").asDouble(ROTARY_BASE));
      json.set("rope_parameters", whole);
    }
  }

  private static void putOfFamily(ConfigJson config, ObjectNode json) {
    switch (config.text("model_type")) {
      case "falcon" -> {
        boolean grouped = config.flag("new_decoder_architecture", false);
        if (!grouped && config.flag("multi_query", true)) {
          json.put("num_kv_heads", 1);
        }
        put(json, "num_kv_heads", config.integer("num_attention_heads"));
        put(json, "ffn_hidden_size", 4 * config.integer("hidden_size"));
        put(json, "layer_norm_epsilon", 1e-5);
      }
      case "gemma2" -> {
        put(json, "head_dim", GEMMA_HEAD);
        put(json, "query_pre_attn_scalar", GEMMA_HEAD);
        put(json, "sliding_window", 4096);
        putAbsent(json, "attn_logit_softcapping", 50);
        putAbsent(json, "final_logit_softcapping", 30);
      }
      case "gemma3_text" -> {
        put(json, "head_dim", GEMMA_HEAD);
        put(json, "query_pre_attn_scalar", GEMMA_HEAD);
        put(json, "sliding_window", 4096);
        put(json, "rope_theta", 1_000_000.0);
        put(json, "rope_local_base_freq", ROTARY_BASE);
      }
      case "mixtral" -> putExperts(json, "num_local_experts", 8, 2);
      case "qwen2_moe" -> putExperts(json, "num_experts", json.path(OTHER_EXPERTS).asInt(60), 4);
      case "qwen3_moe" -> putExperts(json, "num_experts", json.path(OTHER_EXPERTS).asInt(128), 8);
      default -> {}
    }
  }

  private static void putExperts(ObjectNode json, String key, int experts, int perToken) {
    put(json, key, experts);
    put(json, "num_experts_per_tok", perToken);
  }

  /** Where null means that it is off. */
  private static void putAbsent(ObjectNode json, String key, int value) {
    if (!json.has(key)) {
      json.put(key, value);
    }
  }

  private static void put(ObjectNode json, String key, int value) {
    if (!json.hasNonNull(key)) {
      json.put(key, value);
    }
  }

  private static void put(ObjectNode json, String key, double value) {
    if (!json.hasNonNull(key)) {
      json.put(key, value);
    }
  }
}
