package org.attune.model.adapter;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.attune.model.checkpoint.CheckpointException;

/** The modules that PEFT adapts in each family where a configuration names none. */
final class UsualTargets {
  private static final Map<String, String[]> BY_FAMILY = new TreeMap<>();

  static {
    add("gpt2 gpt_bigcode", "c_attn");
    add("gpt_neox bloom falcon", "query_key_value");
    add(
        "llama mistral mixtral gemma gemma2 gemma3_text qwen2 qwen3 opt gptj gpt_neo bart stablelm",
        "q_proj",
        "v_proj");
    add("phi", "q_proj", "v_proj", "fc1", "fc2");
    add("phi3", "qkv_proj");
    add("t5 mt5", "q", "v");
    add("bert roberta electra", "query", "value");
    add("distilbert", "q_lin", "v_lin");
  }

  private UsualTargets() {}

  private static void add(String families, String... modules) {
    Arrays.stream(families.split(" ")).forEach(family -> BY_FAMILY.put(family, modules));
  }

  static ModuleSelection of(String modelType) {
    String[] modules = BY_FAMILY.get(modelType);
    if (modules == null) {
      throw new CheckpointException(
          "No modules are usual to adapt in the family %s; they are known for %s. Name target_modules, or all-linear."
              .formatted(modelType, String.join(", ", List.copyOf(BY_FAMILY.keySet()))));
    }
    return ModuleSelection.named(modules);
  }
}
