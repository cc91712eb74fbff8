package org.attune.model;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.attune.model.bert.Bert;
import org.attune.model.bert.DistilBert;
import org.attune.model.bert.Roberta;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.gpt2.Gpt2Config;
import org.attune.model.llama.LlamaConfig;
import org.attune.model.modernbert.ModernBertConfig;
import org.attune.model.transformer.Architecture;

/** The families of models, by their {@code model_type}. */
final class Architectures {
  private static final Map<String, Function<ConfigJson, Architecture>> FAMILIES =
      new TreeMap<>(
          Map.of(
              "bert", Bert::read,
              "distilbert", DistilBert::read,
              "gpt2", Gpt2Config::read,
              "llama", LlamaConfig::read,
              "modernbert", ModernBertConfig::read,
              "roberta", Roberta::read));

  private Architectures() {}

  static Architecture read(ConfigJson config) {
    String type = config.text("model_type");
    Function<ConfigJson, Architecture> family = FAMILIES.get(type);
    if (family == null) {
      throw config.mismatch("model_type", "one of " + String.join(", ", FAMILIES.keySet()));
    }
    return family.apply(config);
  }
}
