package org.attune.model.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;

/** Puts a model, named and arranged as transformers has it, into a {@link GgufWriter}. */
public final class GgufExport {
  private static final int QUANTIZATION_VERSION = 2;

  /** Small, and a model is sensitive to them. */
  private static final Set<String> EXACT =
      Set.of("position_embd.weight", "ffn_gate_inp.weight", "ffn_gate_inp_shexp.weight");

  private final ConfigJson config;
  private final GgufFamily family;
  private final GgufType type;

  /**
   * An export of a model.
   *
   * @param config its {@code config.json}
   * @param type of its matrices; what such blocks cannot hold becomes F16, vectors stay F32
   * @throws CheckpointException if its family is not written, or it computes what such a file
   *     cannot say
   */
  public GgufExport(ConfigJson config, GgufType type) {
    this.type = type;
    family =
        GgufFamilies.toWrite(config)
            .orElseThrow(
                () ->
                    config.mismatch(
                        "model_type",
                        "one of "
                            + String.join(", ", GgufFamilies.writable())
                            + " to be written as GGUF; give a folder, as safetensors hold every family"));
    this.config =
        ConfigJson.parse(config.file(), ConfigDefaults.complete(config).toString().getBytes(UTF_8));
    GgufLimits.require(this.config, family.architecture());
  }

  /** Adds what the head says of the model. */
  public void putConfig(String name, GgufWriter writer) {
    writer.text("general.architecture", family.architecture());
    writer.text("general.type", "model");
    writer.text("general.name", name);
    writer.count("general.file_type", fileType(type));
    writer.count("general.quantization_version", QUANTIZATION_VERSION);
    ObjectNode complete = config.toJson();
    for (Setting setting : family.settings()) {
      String key = family.architecture() + "." + setting.key();
      if (!complete.hasNonNull(setting.config())) {
        continue;
      }
      switch (setting.kind()) {
        case COUNT -> writer.count(key, complete.get(setting.config()).intValue());
        case NUMBER -> writer.number(key, complete.get(setting.config()).doubleValue());
      }
    }
    writer.count(family.architecture() + ".vocab_size", config.integer("vocab_size"));
    RotaryExport.put(config, family, complete, writer);
  }

  /**
   * Adds the tensors.
   *
   * @param shapes of all weights, by name
   * @param weights the numbers of a weight when they are needed
   * @throws CheckpointException if the family's files have no place for a weight
   */
  public void putTensors(
      Map<String, List<Long>> shapes, Function<String, WeightNumbers> weights, GgufWriter writer) {
    Map<String, List<Long>> left = new LinkedHashMap<>(shapes);
    names(shapes.keySet())
        .forEach(
            (name, other) -> {
              if (other.contains("#")) {
                putExperts(name, other, left, weights, writer);
              } else {
                put(name, other, Objects.requireNonNull(left.remove(other)), weights, writer);
              }
            });
    if (!left.isEmpty()) {
      throw new CheckpointException(
          "%s: a GGUF file of architecture %s has no place for %s. Export to a folder instead."
              .formatted(config.file(), family.architecture(), String.join(", ", left.keySet())));
    }
    RotaryExport.putDivisors(config, config.toJson(), writer);
  }

  /** The weights that exist, by the name of the file. */
  private Map<String, String> names(Set<String> weights) {
    int layers = config.integer(config.has("n_layer") ? "n_layer" : "num_hidden_layers");
    Map<String, String> names = new LinkedHashMap<>();
    for (Map.Entry<String, String> tensor : family.tensors().entrySet()) {
      boolean isOfLayers = tensor.getKey().contains("%");
      for (int i = 0; i < (isOfLayers ? layers : 1); i++) {
        for (String suffix : new String[] {".weight", ".bias"}) {
          String layer = Integer.toString(i);
          String other = tensor.getValue().replace("%", layer) + suffix;
          if (weights.contains(other.replace("#", "0"))) {
            names.put(tensor.getKey().replace("%", layer) + suffix, other);
          }
        }
      }
    }
    return names;
  }

  private void put(
      String name,
      String other,
      List<Long> shape,
      Function<String, WeightNumbers> weights,
      GgufWriter writer) {
    TensorName place = TensorName.of(name, family);
    List<Long> stored = new ArrayList<>(shape);
    if (place.arrangement() == Arrangement.TRANSPOSED) {
      Collections.reverse(stored);
    }
    if (stored.size() == 2
        && stored.get(0) == 1) { // llama.cpp has a gate of one expert as a vector
      stored.remove(0);
    }
    long columns = stored.get(stored.size() - 1);
    RowLayout layout =
        stored.size() == 1
            ? place.arrangement().ofVector(columns, config)
            : place.arrangement().of(stored.get(0), columns, config);
    WeightNumbers[] numbers = new WeightNumbers[1];
    writer.tensor(
        name,
        type(name, stored),
        stored,
        (row, values) -> {
          if (numbers[0] == null) {
            numbers[0] = weights.apply(other);
          }
          layout.get(row, numbers[0], values);
        });
  }

  /** All experts of a layer, which are one tensor there. */
  private void putExperts(
      String name,
      String other,
      Map<String, List<Long>> left,
      Function<String, WeightNumbers> weights,
      GgufWriter writer) {
    List<String> experts = new ArrayList<>();
    List<Long> shape = List.of();
    for (List<Long> next = left.remove(other.replace("#", "0")); next != null; ) {
      experts.add(other.replace("#", Integer.toString(experts.size())));
      shape = next;
      next = left.remove(other.replace("#", Integer.toString(experts.size())));
    }
    long rows = shape.get(0);
    RowLayout layout = Arrangement.SAME.of(rows, shape.get(1), config);
    WeightNumbers[] numbers = new WeightNumbers[1];
    List<Long> stored = List.of((long) experts.size(), rows, shape.get(1));
    writer.tensor(
        name,
        type(name, stored),
        stored,
        (row, values) -> {
          if (row % rows == 0) {
            numbers[0] = weights.apply(experts.get(Math.toIntExact(row / rows)));
          }
          layout.get(row % rows, numbers[0], values);
        });
  }

  private GgufType type(String name, List<Long> shape) {
    if (shape.size() == 1 || EXACT.stream().anyMatch(name::endsWith)) {
      return GgufType.F32;
    }
    // the layers that a token enters and leaves by suffer most from four bits
    boolean isOuter = name.equals("token_embd.weight") || name.equals("output.weight");
    GgufType wanted = type == GgufType.Q4_0 && isOuter ? GgufType.Q8_0 : type;
    return shape.get(shape.size() - 1) % wanted.blockElements() == 0 ? wanted : GgufType.F16;
  }

  /** The number that llama.cpp has for a file whose matrices are of a type. */
  private static int fileType(GgufType type) {
    return switch (type) {
      case F32 -> 0;
      case F16 -> 1;
      case Q4_0 -> 2;
      case Q8_0 -> 7;
      case BF16 -> 32;
      default -> throw new IllegalArgumentException(type + " is read and not written");
    };
  }
}
