package org.attune.model.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;

/** A {@link LoraConfig} as PEFT's {@code adapter_config.json} holds it. */
final class LoraConfigJson {
  /** What the record holds. */
  private static final Set<String> READ =
      Set.of(
          "r",
          "lora_alpha",
          "lora_dropout",
          "target_modules",
          "exclude_modules",
          "layers_to_transform",
          "layers_pattern",
          "rank_pattern",
          "alpha_pattern",
          "use_rslora",
          "use_dora",
          "bias",
          "modules_to_save",
          "init_lora_weights",
          "fan_in_fan_out");

  /** What changes no number of a trained adapter. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "auto_mapping",
          "base_model_name_or_path",
          "inference_mode",
          "megatron_core",
          "peft_type",
          "peft_version",
          "qalora_group_size",
          "revision",
          "runtime_config",
          "task_type");

  private LoraConfigJson() {}

  /**
   * Reads a configuration.
   *
   * @throws CheckpointException if a key has a value that Attune does not compute with
   */
  static LoraConfig read(ConfigJson json) {
    if (!json.text("peft_type").equals("LORA")) {
      throw json.mismatch("peft_type", "LORA, the kind of adapter that Attune knows,");
    }
    rejectUnknown(json);
    try {
      return LoraConfig.builder()
          .rank(json.integer("r", 8))
          .alpha(json.number("lora_alpha", 8))
          .dropout(json.number("lora_dropout", 0))
          .targets(selection(json, "target_modules"))
          .excluded(selection(json, "exclude_modules"))
          .layers(json.integers("layers_to_transform"))
          .layersPatterns(json.texts("layers_pattern"))
          .rankPattern(ranks(json))
          .alphaPattern(alphas(json))
          .rsLora(json.flag("use_rslora", false))
          .dora(json.flag("use_dora", false))
          .bias(bias(json))
          .modulesToSave(json.texts("modules_to_save"))
          .init(init(json))
          .fanInFanOut(json.flag("fan_in_fan_out", false))
          .build();
    } catch (PatternSyntaxException e) {
      throw new CheckpointException(
          "%s: \"%s\" is no regular expression (%s). Correct it there."
              .formatted(json.file(), e.getPattern(), e.getDescription()),
          e);
    }
  }

  private static void rejectUnknown(ConfigJson json) {
    Set<String> unknown = new TreeSet<>();
    for (Map.Entry<String, JsonNode> entry : json.toJson().properties()) {
      if (!READ.contains(entry.getKey())
          && !WITHOUT_EFFECT.contains(entry.getKey())
          && isSet(entry.getValue())) {
        unknown.add(entry.getKey() + ": " + entry.getValue());
      }
    }
    if (!unknown.isEmpty()) {
      throw new CheckpointException(
          "%s asks for what Attune does not compute: %s. Merge the adapter into its base with PEFT, and use the merged model."
              .formatted(json.file(), String.join("; ", unknown)));
    }
  }

  private static boolean isSet(JsonNode value) {
    return !value.isNull()
        && !(value.isBoolean() && !value.booleanValue())
        && !(value.isContainerNode() && value.isEmpty());
  }

  private static ModuleSelection selection(ConfigJson json, String key) {
    JsonNode value = json.toJson().path(key);
    return value.isTextual()
        ? ModuleSelection.matching(value.textValue())
        : ModuleSelection.named(json.texts(key).toArray(new String[0]));
  }

  private static Map<String, Integer> ranks(ConfigJson json) {
    Map<String, Integer> ranks = new LinkedHashMap<>();
    json.object("rank_pattern")
        .ifPresent(
            inner -> keys(inner).forEach(module -> ranks.put(module, inner.integer(module))));
    return ranks;
  }

  private static Map<String, Double> alphas(ConfigJson json) {
    Map<String, Double> alphas = new LinkedHashMap<>();
    json.object("alpha_pattern")
        .ifPresent(
            inner -> keys(inner).forEach(module -> alphas.put(module, inner.number(module))));
    return alphas;
  }

  private static List<String> keys(ConfigJson json) {
    List<String> keys = new ArrayList<>();
    json.toJson().fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static BiasTraining bias(ConfigJson json) {
    return switch (json.text("bias", "none")) {
      case "none" -> BiasTraining.NONE;
      case "all" -> BiasTraining.ALL;
      case "lora_only" -> BiasTraining.LORA_ONLY;
      default -> throw json.mismatch("bias", "none, all or lora_only");
    };
  }

  private static LoraInit init(ConfigJson json) {
    JsonNode value = json.toJson().path("init_lora_weights");
    if (value.isTextual() && value.textValue().equals("gaussian")) {
      return LoraInit.GAUSSIAN;
    }
    if (value.isTextual()) {
      throw json.mismatch(
          "init_lora_weights",
          "true, false or \"gaussian\" (others change the base; let PEFT convert the adapter)");
    }
    return json.flag("init_lora_weights", true) ? LoraInit.KAIMING : LoraInit.RANDOM;
  }

  /** The file's content for an adapter that is ready for use. */
  static ObjectNode write(LoraConfig config, String base, String task, boolean fanInFanOut) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode alphas = json.putObject("alpha_pattern");
    config.alphaPattern().forEach((module, alpha) -> putNumber(alphas, module, alpha));
    json.put("base_model_name_or_path", base);
    json.put(
        "bias",
        switch (config.bias()) {
          case NONE -> "none";
          case ALL -> "all";
          case LORA_ONLY -> "lora_only";
        });
    putSelection(json, "exclude_modules", config.excluded());
    json.put("fan_in_fan_out", fanInFanOut);
    json.put("inference_mode", true);
    switch (config.init()) {
      case KAIMING -> json.put("init_lora_weights", true);
      case RANDOM -> json.put("init_lora_weights", false);
      case GAUSSIAN -> json.put("init_lora_weights", "gaussian");
    }
    putList(json, "layers_pattern", config.layersPatterns());
    if (config.layers().isEmpty()) {
      json.putNull("layers_to_transform");
    } else {
      ArrayNode layers = json.putArray("layers_to_transform");
      config.layers().forEach(layers::add);
    }
    putNumber(json, "lora_alpha", config.alpha());
    json.put("lora_dropout", config.dropout());
    putList(json, "modules_to_save", config.modulesToSave());
    json.put("peft_type", "LORA");
    json.put("r", config.rank());
    ObjectNode ranks = json.putObject("rank_pattern");
    config.rankPattern().forEach(ranks::put);
    putSelection(json, "target_modules", config.targets());
    json.put("task_type", task);
    json.put("use_dora", config.dora());
    json.put("use_rslora", config.rsLora());
    return json;
  }

  private static void putSelection(ObjectNode json, String key, ModuleSelection selection) {
    if (selection.expression() != null) {
      json.put(key, selection.expression());
    } else {
      putList(json, key, selection.names());
    }
  }

  private static void putList(ObjectNode json, String key, Collection<String> texts) {
    if (texts.isEmpty()) {
      json.putNull(key);
    } else {
      ArrayNode list = json.putArray(key);
      texts.forEach(list::add);
    }
  }

  /** Whole numbers as Python's int, so that PEFT reads what it would have written. */
  private static void putNumber(ObjectNode json, String key, double value) {
    if (value == Math.rint(value)) {
      json.put(key, (long) value);
    } else {
      json.put(key, value);
    }
  }
}
