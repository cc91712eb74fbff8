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
import org.attune.model.checkpoint.SavedWeights;
import org.attune.model.transformer.Architecture;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.Weights;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;

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
          ".rotary_emb.inv_freq");
  private static final Set<String> HEADS =
      Set.of(
          "lm_head.weight",
          "embed_out.weight",
          Head.SCORE_WEIGHT,
          Head.VALUE_WEIGHT,
          Head.VALUE_BIAS);

  private final ModelDirectory directory;
  private final Architecture architecture;
  private final Head head;
  private final long seed;

  WeightLoader(ModelDirectory directory, Architecture architecture, Head head, long seed) {
    this.directory = directory;
    this.architecture = architecture;
    this.head = head;
    this.seed = seed;
  }

  void fill(Weights weights) {
    Initialization initialization = new Initialization(architecture, seed);
    try (SavedWeights saved = directory.openWeights()) {
      Map<String, String> storedNames = new LinkedHashMap<>();
      Map<String, List<Long>> expected = new LinkedHashMap<>();
      for (WeightSpec spec : weights.specs()) {
        String stored = storedName(spec.name(), saved.names());
        if (saved.names().contains(stored) || !isNewHead(spec.name())) {
          storedNames.put(spec.name(), stored);
          expected.put(stored, Arrays.stream(spec.shape()).boxed().toList());
        }
      }
      Set<String> passedOver = new LinkedHashSet<>(HEADS);
      saved.names().stream()
          .filter(name -> COMPUTED.stream().anyMatch(name::endsWith))
          .forEach(passedOver::add);
      passedOver.removeAll(expected.keySet());
      saved.requireExactly(expected, passedOver);

      for (WeightSpec spec : weights.specs()) {
        String stored = storedNames.get(spec.name());
        if (stored == null) {
          initialization.fill(weights, spec);
        } else {
          GradientMode.useWithout(
              () ->
                  TensorScope.use(
                      () -> saved.readFloats(stored, weights.get(spec.name()).floats())));
        }
      }
    }
    readValueHead(weights);
  }

  private boolean isNewHead(String name) {
    return switch (head) {
      case CAUSAL -> false;
      case VALUE -> name.equals(Head.VALUE_WEIGHT) || name.equals(Head.VALUE_BIAS);
      case SCORE -> name.equals(Head.SCORE_WEIGHT);
    };
  }

  private String storedName(String name, Set<String> stored) {
    String prefix = architecture.bodyPrefix();
    if (!stored.contains(name) && name.startsWith(prefix)) {
      String bare = name.substring(prefix.length());
      return stored.contains(bare) ? bare : name;
    }
    return name;
  }

  private void readValueHead(Weights weights) {
    Path file = directory.path().resolve(WeightSaver.VALUE_HEAD);
    if (head != Head.VALUE || !Files.exists(file)) {
      return;
    }
    try (SafetensorsFile saved = SafetensorsFile.open(file)) {
      TensorScope.use(
          () -> {
            saved.readFloats(Head.VALUE_WEIGHT, weights.get(Head.VALUE_WEIGHT).floats());
            saved.readFloats(Head.VALUE_BIAS, weights.get(Head.VALUE_BIAS).floats());
          });
    }
  }
}
