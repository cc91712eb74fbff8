package org.attune.model.gguf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How one architecture is called in GGUF files and by transformers.
 *
 * @param architecture {@code general.architecture} of the file
 * @param modelType {@code model_type} of {@code config.json}
 * @param settings the values that both have
 * @param tensors names without {@code .weight} and {@code .bias}, from the file's to transformers';
 *     {@code %} stands for the number of a layer, {@code #} for that of an expert
 * @param arrangements of the tensors that do not stand as in transformers, by the file's name
 * @param rest what {@code config.json} says beyond that
 */
record GgufFamily(
    String architecture,
    String modelType,
    List<Setting> settings,
    Map<String, String> tensors,
    Map<String, Arrangement> arrangements,
    Rest rest) {
  /** What {@code config.json} says that is no value of the head. */
  @FunctionalInterface
  interface Rest {
    void addTo(ObjectNode config, GgufMetadata metadata, Map<String, GgufTensor> tensors);
  }

  GgufFamily {
    settings = List.copyOf(settings);
  }

  /** A family without settings and tensors. */
  static GgufFamily of(String architecture, String modelType) {
    return new GgufFamily(
        architecture, modelType, List.of(), Map.of(), Map.of(), (config, metadata, tensors) -> {});
  }

  GgufFamily named(String otherArchitecture, String otherModelType) {
    return new GgufFamily(otherArchitecture, otherModelType, settings, tensors, arrangements, rest);
  }

  GgufFamily with(Setting... more) {
    List<Setting> all = new ArrayList<>(settings);
    all.addAll(List.of(more));
    return new GgufFamily(architecture, modelType, all, tensors, arrangements, rest);
  }

  /** With further tensors, as pairs of the file's name and transformers'. */
  GgufFamily withTensors(String... names) {
    Map<String, String> all = new LinkedHashMap<>(tensors);
    for (int i = 0; i < names.length; i += 2) {
      all.put(names[i], names[i + 1]);
    }
    return new GgufFamily(architecture, modelType, settings, all, arrangements, rest);
  }

  GgufFamily without(String... names) {
    Map<String, String> fewer = new LinkedHashMap<>(tensors);
    List.of(names).forEach(fewer::remove);
    return new GgufFamily(architecture, modelType, settings, fewer, arrangements, rest);
  }

  GgufFamily arranged(Arrangement arrangement, String... names) {
    Map<String, Arrangement> all = new LinkedHashMap<>(arrangements);
    List.of(names).forEach(name -> all.put(name, arrangement));
    return new GgufFamily(architecture, modelType, settings, tensors, all, rest);
  }

  /** With more in {@code config.json}, after what is there already. */
  GgufFamily and(Rest more) {
    return new GgufFamily(
        architecture,
        modelType,
        settings,
        tensors,
        arrangements,
        (config, metadata, stored) -> {
          rest.addTo(config, metadata, stored);
          more.addTo(config, metadata, stored);
        });
  }
}
