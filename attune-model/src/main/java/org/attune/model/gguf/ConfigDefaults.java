package org.attune.model.gguf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.attune.model.checkpoint.ConfigJson;

/** A {@code config.json} in which nothing is left to the defaults of transformers. */
final class ConfigDefaults {
  private static final double ROTARY_BASE = 10_000;

  private ConfigDefaults() {}

  static ObjectNode complete(ConfigJson config) {
    ObjectNode json = config.toJson();
    if (config.text("model_type").equals("gpt2")) {
      put(json, "n_inner", 4 * config.integer("n_embd"));
      put(json, "layer_norm_epsilon", 1e-5);
      return json;
    }
    int heads = config.integer("num_attention_heads");
    put(json, "num_key_value_heads", heads);
    put(json, "head_dim", config.integer("hidden_size") / heads);
    put(json, "rms_norm_eps", 1e-6);
    put(json, "max_position_embeddings", 2048);
    for (String key : new String[] {"rope_parameters", "rope_scaling"}) {
      config
          .object(key)
          .filter(rope -> rope.has("rope_theta"))
          .ifPresent(rope -> json.put("rope_theta", rope.number("rope_theta")));
    }
    put(json, "rope_theta", ROTARY_BASE);
    return json;
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
