package org.attune.model.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.checkpoint.DurableFile;
import org.attune.model.checkpoint.NameList;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.checkpoint.SafetensorsWriter;
import org.attune.model.gguf.GgufFile;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightUse;
import org.attune.model.weights.Weights;
import org.attune.tensor.TensorScope;

/**
 * An adapter as PEFT stores it: a directory with {@code adapter_config.json} and {@code
 * adapter_model.safetensors}. A value head, which PEFT does not know, has a file of its own.
 */
public final class AdapterDirectory {
  private static final String CONFIG = "adapter_config.json";
  private static final String WEIGHTS = "adapter_model.safetensors";
  private static final String BASE = "base_model_name_or_path";
  private static final String PREFIX = "base_model.model.";
  private static final String VALUE_HEAD = "v_head.";
  private static final String VALUE_HEAD_FILE = "value_head.safetensors";

  private final Path path;
  private final ConfigJson json;
  private final LoraConfig config;

  private AdapterDirectory(Path path, ConfigJson json) {
    this.path = path;
    this.json = json;
    config = LoraConfigJson.read(json);
  }

  /** Whether a directory holds an adapter and no whole model. */
  public static boolean isOne(Path path) {
    return Files.exists(path.resolve(CONFIG)) && !Files.exists(path.resolve("config.json"));
  }

  /**
   * Reads the configuration of an adapter.
   *
   * @throws CheckpointException if there is none, or it asks for what Attune does not compute
   */
  public static AdapterDirectory open(Path path) {
    if (!Files.exists(path.resolve(CONFIG))) {
      throw new CheckpointException(
          "%s is no adapter: it has no %s. Give the directory that PEFT or a run with lora.r saved."
              .formatted(path, CONFIG));
    }
    return new AdapterDirectory(path, ConfigJson.read(path.resolve(CONFIG)));
  }

  public LoraConfig config() {
    return config;
  }

  /** Whether the adapted model scores whole texts. */
  public boolean isClassifier() {
    return json.text("task_type", "").equals("SEQ_CLS");
  }

  /**
   * The directory or GGUF file of the model that was adapted: as the adapter names it, seen from
   * here or from the adapter's directory.
   *
   * @throws CheckpointException if it is not there
   */
  public Path base() {
    String name = json.text(BASE, "");
    for (Path candidate : List.of(Path.of(name), path.resolve(name))) {
      if (!name.isEmpty()
          && (Files.isDirectory(candidate)
              || (GgufFile.isNamed(candidate) && Files.exists(candidate)))) {
        return candidate;
      }
    }
    throw new CheckpointException(
        "%s adapts \"%s\" (%s in %s), which is neither a model's directory nor a .gguf file here. Give the model as --model and the adapter as --adapter."
            .formatted(path, name, BASE, CONFIG));
  }

  /** Reads the tensors of an adapter that was resolved against its base. */
  void fill(LoraTargets targets, Weights trained, AdaptedModel model) {
    Path file = path.resolve(WEIGHTS);
    if (!Files.exists(file)) {
      throw new CheckpointException(
          "%s has no %s. %s"
              .formatted(
                  path,
                  WEIGHTS,
                  Files.exists(path.resolve("adapter_model.bin"))
                      ? "Save the adapter with safetensors; adapter_model.bin is not read."
                      : "Copy it from where the adapter came from."));
    }
    try (SafetensorsFile saved = SafetensorsFile.open(file)) {
      Map<String, String> stored = new LinkedHashMap<>();
      saved.names().forEach(name -> stored.put(ownName(name), name));
      Map<String, String> frozen = new LinkedHashMap<>();
      stored.forEach(
          (name, storedName) -> {
            if (!trained.has(name) && model.weights().has(name)) {
              frozen.put(name, storedName);
            }
          });
      requireFitting(saved, stored, trained, frozen.keySet(), model);
      for (WeightSpec spec : trained.specs()) {
        String name = stored.get(spec.name());
        TensorScope.use(
            () -> {
              FloatBuffer values = trained.get(spec.name()).floats();
              if (name == null) {
                values.put(model.weights().get(spec.name()).floats()); // a head it does not have
              } else {
                saved.readFloats(name, values);
              }
            });
      }
      frozen.forEach((name, storedName) -> requireSame(saved, name, storedName, model));
    }
    readValueHead(targets, trained);
  }

  /** The name among our weights: without PEFT's wrapping of modules. */
  private static String ownName(String stored) {
    String name = stored.startsWith(PREFIX) ? stored.substring(PREFIX.length()) : stored;
    return name.replace(".base_layer.", ".")
        .replace(".modules_to_save.", ".")
        .replace(".lora_magnitude_vector.weight", ".lora_magnitude_vector");
  }

  private void requireFitting(
      SafetensorsFile saved,
      Map<String, String> stored,
      Weights trained,
      Set<String> frozen,
      AdaptedModel model) {
    List<String> problems = new ArrayList<>();
    Set<String> missing = new TreeSet<>();
    List<String> misshapen = new ArrayList<>();
    for (WeightSpec spec : trained.specs()) {
      String name = stored.get(spec.name());
      List<Long> shape = Arrays.stream(spec.shape()).boxed().toList();
      if (name == null) {
        if (!model.heads().contains(spec.name())) {
          missing.add(spec.name());
        }
      } else if (!saved.info(name).shape().equals(shape)) {
        misshapen.add("%s is %s, not %s".formatted(name, saved.info(name).shape(), shape));
      }
    }
    Set<String> unexpected = new TreeSet<>(stored.keySet());
    unexpected.removeIf(name -> trained.has(name) || frozen.contains(name));
    if (!missing.isEmpty()) {
      problems.add("%d missing: %s".formatted(missing.size(), NameList.of(missing)));
    }
    if (!unexpected.isEmpty()) {
      problems.add("%d unexpected: %s".formatted(unexpected.size(), NameList.of(unexpected)));
    }
    if (!misshapen.isEmpty()) {
      problems.add("%d of another shape: %s".formatted(misshapen.size(), NameList.of(misshapen)));
    }
    if (!problems.isEmpty()) {
      throw new CheckpointException(
          "%s does not fit %s. Tensors %s. It was trained on \"%s\"; give that model."
              .formatted(path, model.name(), String.join("; ", problems), json.text(BASE, "?")));
    }
  }

  /** PEFT stores an embedding with what it adds to it; it must be the one we have. */
  private void requireSame(
      SafetensorsFile saved, String name, String storedName, AdaptedModel model) {
    FloatBuffer theirs = FloatBuffer.allocate((int) saved.info(storedName).elements());
    saved.readFloats(storedName, theirs);
    float[] ours = TensorScope.with(() -> model.weights().get(name).toFloats());
    if (!Arrays.equals(theirs.array(), ours)) {
      throw new CheckpointException(
          "%s brings its base's %s, and that of %s has other values. It was trained on \"%s\"; give that model."
              .formatted(path, name, model.name(), json.text(BASE, "?")));
    }
  }

  private void readValueHead(LoraTargets targets, Weights trained) {
    Path file = path.resolve(VALUE_HEAD_FILE);
    if (!Files.exists(file)) {
      return;
    }
    try (SafetensorsFile saved = SafetensorsFile.open(file)) {
      targets.whole().stream()
          .filter(name -> name.startsWith(VALUE_HEAD))
          .forEach(
              name -> TensorScope.use(() -> saved.readFloats(name, trained.get(name).floats())));
    }
  }

  static void write(
      Path directory,
      LoraConfig config,
      String base,
      String task,
      LoraTargets targets,
      Weights trained) {
    boolean transposes =
        targets.adapted().stream().anyMatch(target -> target.use() == WeightUse.TRANSPOSED);
    DurableFile.write(
        directory.resolve(CONFIG),
        LoraConfigJson.write(config, base, task, transposes).toPrettyString().getBytes(UTF_8));
    Set<String> adaptedModules = new TreeSet<>();
    targets.adapted().forEach(t -> adaptedModules.add(AdaptedModel.module(t.weight())));
    try (TensorScope scope = TensorScope.open()) {
      SafetensorsWriter adapter = new SafetensorsWriter();
      SafetensorsWriter valueHead = new SafetensorsWriter();
      boolean hasValueHead = false;
      for (WeightSpec spec : trained.specs()) {
        boolean isValueHead = spec.name().startsWith(VALUE_HEAD);
        hasValueHead |= isValueHead;
        FloatBuffer values = trained.get(spec.name()).floats();
        (isValueHead ? valueHead : adapter)
            .addFloats(
                isValueHead ? spec.name() : storedName(spec.name(), adaptedModules),
                Arrays.stream(spec.shape()).boxed().toList(),
                () -> values.duplicate());
      }
      adapter.writeFile(directory.resolve(WEIGHTS));
      if (hasValueHead) {
        valueHead.writeFile(directory.resolve(VALUE_HEAD_FILE));
      }
    }
  }

  private static String storedName(String name, Set<String> adaptedModules) {
    String module = AdaptedModel.module(name);
    return PREFIX
        + (name.endsWith(".bias") && adaptedModules.contains(module)
            ? module + ".base_layer.bias"
            : name);
  }
}
