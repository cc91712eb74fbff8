package org.attune.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attune.model.checkpoint.ModelDirectory;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.checkpoint.StoredTensors;
import org.attune.model.transformer.Architecture;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.Weights;
import org.attune.tensor.GradientMode;

/**
 * Reads a directory's tensors into weights.
 *
 * <p>The body may be stored with or without its prefix. Heads that the model does not have are
 * passed over, as are masks and angles that old checkpoints store; a value or score head that is
 * missing is made anew.
 */
final class WeightLoader {
  private static final List<String> COMPUTED =
      List.of(
          ".attn.bias",
          ".attn.masked_bias",
          ".attention.bias",
          ".attention.masked_bias",
          ".rotary_emb.inv_freq",
          "embeddings.position_ids");

  private final ModelDirectory directory;
  private final Architecture architecture;
  private final Head head;
  private final int labels;
  private final long seed;

  WeightLoader(
      ModelDirectory directory, Architecture architecture, Head head, int labels, long seed) {
    this.directory = directory;
    this.architecture = architecture;
    this.head = head;
    this.labels = labels;
    this.seed = seed;
  }

  void fill(Weights weights) {
    Initialization initialization = new Initialization(architecture, seed);
    try (StoredTensors stored = directory.openWeights()) {
      StoredTensors saved = architecture.inOwnNames(stored);
      Map<String, String> storedNames = new LinkedHashMap<>();
      Map<String, List<Long>> expected = new LinkedHashMap<>();
      for (WeightSpec spec : weights.specs()) {
        String known = storedName(spec.name(), saved.names());
        if (saved.names().contains(known) || !head.isMadeAnew(spec.name(), architecture, labels)) {
          storedNames.put(spec.name(), known);
          expected.put(known, Arrays.stream(spec.shape()).boxed().toList());
        }
      }
      Set<String> passedOver = new LinkedHashSet<>();
      saved.names().stream()
          .filter(
              name -> COMPUTED.stream().anyMatch(name::endsWith) || isOfOtherHead(name, weights))
          .forEach(passedOver::add);
      passedOver.addAll(architecture.unusedWeights());
      passedOver.removeAll(expected.keySet());
      saved.requireExactly(expected, passedOver);

      for (WeightSpec spec : weights.specs()) {
        String known = storedNames.get(spec.name());
        if (known == null) {
          initialization.fill(weights, spec);
        } else {
          GradientMode.useWithout(
              () ->
                  weights.fill(
                      spec.name(), (first, values) -> saved.readFloats(known, first, values)));
        }
      }
    }
    readValueHead(weights);
  }

  private boolean isOfOtherHead(String name, Weights weights) {
    return architecture.headPrefixes().stream()
        .filter(name::startsWith)
        .anyMatch(
            prefix -> weights.specs().stream().noneMatch(spec -> spec.name().startsWith(prefix)));
  }

  private String storedName(String name, Set<String> stored) {
    String prefix = architecture.bodyPrefix();
    for (String known :
        List.of(name, name.startsWith(prefix) ? name.substring(prefix.length()) : name)) {
      for (String spelling : List.of(known, olderSpelling(known))) {
        if (stored.contains(spelling)) {
          return spelling;
        }
      }
    }
    return name;
  }

  /** BERT's first checkpoints call a norm's scale and shift as its paper does. */
  private static String olderSpelling(String name) {
    return name.replace("LayerNorm.weight", "LayerNorm.gamma")
        .replace("LayerNorm.bias", "LayerNorm.beta");
  }

  private void readValueHead(Weights weights) {
    Path file = directory.path().resolve(WeightSaver.VALUE_HEAD);
    if (head != Head.VALUE || !Files.exists(file)) {
      return;
    }
    try (SafetensorsFile saved = SafetensorsFile.open(file)) {
      GradientMode.useWithout(
          () -> {
            for (String name : List.of(Head.VALUE_WEIGHT, Head.VALUE_BIAS)) {
              weights.fill(name, (first, values) -> saved.readFloats(name, first, values));
            }
          });
    }
  }
}
