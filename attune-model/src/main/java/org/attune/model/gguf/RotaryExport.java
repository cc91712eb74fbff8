package org.attune.model.gguf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.attune.model.checkpoint.ConfigJson;

/** How positions are scaled, as a GGUF file says it. */
final class RotaryExport {
  /** Architectures whose windows llama.cpp computes. */
  private static final Set<String> SLIDING = Set.of("gemma2", "gemma3");

  private RotaryExport() {}

  static void put(ConfigJson config, GgufFamily family, ObjectNode complete, GgufWriter writer) {
    String architecture = family.architecture();
    if (!hasSetting(family, "rope.freq_base")) {
      return;
    }
    if (!SLIDING.contains(architecture)) {
      requireNoWindow(config);
    }
    int headSize = complete.get("head_dim").intValue();
    if (!hasSetting(family, "attention.key_length")) {
      writer.count(architecture + ".attention.key_length", headSize);
    }
    writer.count(architecture + ".attention.value_length", headSize);
    if (!hasSetting(family, "rope.dimension_count")) {
      double turned = headSize * config.number("partial_rotary_factor", 1);
      writer.count(architecture + ".rope.dimension_count", (int) turned);
    }
    Optional<ConfigJson> scaling = scaling(config);
    if (scaling.isPresent() && type(scaling.get()).equals("linear")) {
      writer.text(architecture + ".rope.scaling.type", "linear");
      writer.number(architecture + ".rope.scaling.factor", scaling.get().number("factor"));
    }
  }

  private static boolean hasSetting(GgufFamily family, String key) {
    return family.settings().stream().anyMatch(setting -> setting.key().equals(key));
  }

  /** What frequencies are divided by, where Llama 3's rule says so. */
  static void putDivisors(ConfigJson config, ObjectNode complete, GgufWriter writer) {
    scaling(config)
        .filter(scaling -> type(scaling).equals("llama3"))
        .ifPresent(
            scaling -> {
              float[] divisors =
                  LlamaFrequencies.divisors(
                      complete.get("head_dim").intValue(),
                      complete.get("rope_theta").doubleValue(),
                      scaling.number("factor"),
                      scaling.number("low_freq_factor"),
                      scaling.number("high_freq_factor"),
                      scaling.integer("original_max_position_embeddings"));
              writer.tensor(
                  LlamaFrequencies.TENSOR,
                  GgufType.F32,
                  List.of((long) divisors.length),
                  (row, values) -> System.arraycopy(divisors, 0, values, 0, values.length));
            });
  }

  private static Optional<ConfigJson> scaling(ConfigJson config) {
    for (String key : new String[] {"rope_parameters", "rope_scaling"}) {
      Optional<ConfigJson> scaling = config.object(key);
      if (scaling.isPresent() && !type(scaling.get()).equals("default")) {
        String type = type(scaling.get());
        if (!type.equals("linear") && !type.equals("llama3")) {
          throw config.mismatch(
              key, "absent, default, linear or llama3 to be written as GGUF; export to a folder");
        }
        return scaling;
      }
    }
    return Optional.empty();
  }

  private static String type(ConfigJson scaling) {
    return scaling.text("rope_type", scaling.text("type", "default"));
  }

  /** llama.cpp lets the others attend to everything. */
  private static void requireNoWindow(ConfigJson config) {
    boolean windowIsOn = config.has("sliding_window") && config.flag("use_sliding_window", true);
    if (windowIsOn
        && config.integer("sliding_window") < config.integer("max_position_embeddings", 0)) {
      throw config.mismatch(
          "sliding_window",
          "absent to be written as GGUF, where these models attend to everything; export to a folder");
    }
  }
}
