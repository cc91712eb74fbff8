package org.attune.model;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.attune.model.bert.Bert;
import org.attune.model.bert.DistilBert;
import org.attune.model.bert.Roberta;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.falcon.FalconConfig;
import org.attune.model.gemma.GemmaConfig;
import org.attune.model.gemma2.Gemma2Config;
import org.attune.model.gemma3.Gemma3Config;
import org.attune.model.gpt2.Gpt2Config;
import org.attune.model.gptneox.GptNeoxConfig;
import org.attune.model.llama.LlamaConfig;
import org.attune.model.mistral.MistralConfig;
import org.attune.model.mixtral.MixtralConfig;
import org.attune.model.modernbert.ModernBertConfig;
import org.attune.model.olmo2.Olmo2Config;
import org.attune.model.opt.OptConfig;
import org.attune.model.phi3.Phi3Config;
import org.attune.model.qwen2.Qwen2Config;
import org.attune.model.qwen2moe.Qwen2MoeConfig;
import org.attune.model.qwen3.Qwen3Config;
import org.attune.model.qwen3moe.Qwen3MoeConfig;
import org.attune.model.smollm3.SmolLm3Config;
import org.attune.model.t5.T5Config;
import org.attune.model.transformer.Architecture;

/** The families of models, by their {@code model_type}. */
final class Architectures {
  private static final Map<String, Function<ConfigJson, Architecture>> FAMILIES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("bert", Bert::read),
              Map.entry("distilbert", DistilBert::read),
              Map.entry("falcon", FalconConfig::read),
              Map.entry("gemma", GemmaConfig::read),
              Map.entry("gemma2", Gemma2Config::read),
              Map.entry("gemma3_text", Gemma3Config::read),
              Map.entry("gpt2", Gpt2Config::read),
              Map.entry("gpt_neox", GptNeoxConfig::read),
              Map.entry("llama", LlamaConfig::read),
              Map.entry("mistral", MistralConfig::read),
              Map.entry("modernbert", ModernBertConfig::read),
              Map.entry("mixtral", MixtralConfig::read),
              Map.entry("olmo2", Olmo2Config::read),
              Map.entry("opt", OptConfig::read),
              Map.entry("phi3", Phi3Config::read),
              Map.entry("qwen2", Qwen2Config::read),
              Map.entry("qwen2_moe", Qwen2MoeConfig::read),
              Map.entry("qwen3", Qwen3Config::read),
              Map.entry("qwen3_moe", Qwen3MoeConfig::read),
              Map.entry("roberta", Roberta::read),
              Map.entry("smollm3", SmolLm3Config::read),
              Map.entry("t5", T5Config::read)));

  private Architectures() {}

  /** The known values of {@code model_type}, in order. */
  static Set<String> types() {
    return FAMILIES.keySet();
  }

  static Architecture read(ConfigJson config) {
    if (config.has("quantization_config")) {
      throw config.mismatch(
          "quantization_config", "absent (quantized weights are not read here; give the original)");
    }
    String type = config.text("model_type");
    Function<ConfigJson, Architecture> family = FAMILIES.get(type);
    if (family == null) {
      throw config.mismatch("model_type", "one of " + String.join(", ", types()));
    }
    return family.apply(config);
  }
}
