package org.attune.model.adapter;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightUse;

/**
 * Finds what a configuration means in a model, by the rules of PEFT.
 *
 * @param adapted weights that are added to
 * @param whole weights that are trained whole: heads, modules to save, biases
 */
record LoraTargets(List<LoraTarget> adapted, Set<String> whole) {
  private static final List<String> LAST_OF_HEADS = List.of("classifier", "score");

  /**
   * Resolves a configuration.
   *
   * @throws CheckpointException if it names nothing, or something that cannot be adapted
   */
  static LoraTargets of(LoraConfig config, AdaptedModel model) {
    ModuleSelection targets =
        config.targets().isEmpty() ? UsualTargets.of(model.modelType()) : config.targets();
    boolean allLinear = targets.equals(ModuleSelection.ALL_LINEAR);
    List<LoraTarget> adapted = new ArrayList<>();
    List<String> unfit = new ArrayList<>();
    for (WeightSpec spec : model.weights().specs()) {
      String module = AdaptedModel.module(spec.name());
      boolean isMeant =
          spec.name().endsWith(".weight")
              && (allLinear
                  ? model.isLinear(spec.name()) && !isAtEnd(spec.name(), model)
                  : targets.covers(module))
              && !config.excluded().covers(module)
              && !isWithin(module, config.modulesToSave())
              && !isLastOfHead(spec.name(), model)
              && isInLayers(module, config);
      if (isMeant && model.isAdaptable(spec.name())) {
        adapted.add(target(spec, module, config, model));
      } else if (isMeant) {
        unfit.add(module);
      }
    }
    requireFitting(adapted, unfit, targets, config, model);
    return new LoraTargets(adapted, whole(adapted, config, model));
  }

  /** Layers that {@code all-linear} leaves alone: the output layer, and heads, which are new. */
  private static boolean isAtEnd(String weight, AdaptedModel model) {
    return model.outputs().contains(weight) || model.heads().contains(weight);
  }

  /** Whether PEFT trains a weight whole in every classifier, whichever its targets are. */
  private static boolean isLastOfHead(String weight, AdaptedModel model) {
    return model.heads().contains(weight) && isSaved(weight, LAST_OF_HEADS);
  }

  private static LoraTarget target(
      WeightSpec spec, String module, LoraConfig config, AdaptedModel model) {
    WeightUse use = model.uses().getOrDefault(spec.name(), WeightUse.PLAIN);
    int rank = byPattern(config.rankPattern(), module, config.rank());
    double alpha = byPattern(config.alphaPattern(), module, config.alpha());
    boolean outFirst = use == WeightUse.LINEAR;
    return new LoraTarget(
        spec.name(),
        use,
        spec.shape()[outFirst ? 1 : 0],
        spec.shape()[outFirst ? 0 : 1],
        rank,
        alpha / (config.rsLora() ? Math.sqrt((double) rank) : rank),
        config.dora());
  }

  private static <T> T byPattern(Map<String, T> pattern, String module, T otherwise) {
    return pattern.entrySet().stream()
        .filter(entry -> module.matches("(.*\\.)?(" + entry.getKey() + ")"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(otherwise);
  }

  private static boolean isWithin(String module, List<String> saved) {
    return saved.stream().anyMatch(name -> module.matches("(^|.*\\.)" + name + "($|\\..*)"));
  }

  private static boolean isInLayers(String module, LoraConfig config) {
    if (config.layers().isEmpty()) {
      return true;
    }
    List<String> patterns =
        config.layersPatterns().isEmpty()
            ? List.of(".*?[^.]*\\.(\\d+)\\..*")
            : config.layersPatterns().stream().map(p -> ".*\\." + p + "\\.(\\d+)\\..*").toList();
    for (String pattern : patterns) {
      Matcher matcher = Pattern.compile(pattern).matcher(module);
      if (matcher.matches()) {
        return config.layers().contains(Integer.parseInt(matcher.group(1)));
      }
    }
    return false;
  }

  private static Set<String> whole(
      List<LoraTarget> adapted, LoraConfig config, AdaptedModel model) {
    Set<String> adaptedModules = new LinkedHashSet<>();
    adapted.forEach(target -> adaptedModules.add(AdaptedModel.module(target.weight())));
    Set<String> whole = new LinkedHashSet<>();
    for (WeightSpec spec : model.weights().specs()) {
      String name = spec.name();
      boolean isBias = name.endsWith(".bias");
      boolean isTrained =
          switch (config.bias()) {
            case NONE -> false;
            case LORA_ONLY -> isBias && adaptedModules.contains(AdaptedModel.module(name));
            case ALL -> isBias;
          };
      boolean isOfHead =
          model.heads().contains(name) && !adaptedModules.contains(AdaptedModel.module(name));
      if (isTrained || isOfHead || isSaved(name, config.modulesToSave())) {
        whole.add(name);
      }
    }
    for (String module : config.modulesToSave()) {
      // PEFT adds both names for every classifier, whichever its head is called
      if (!LAST_OF_HEADS.contains(module)
          && whole.stream().noneMatch(name -> isSaved(name, List.of(module)))) {
        throw new CheckpointException(
            "modules_to_save names %s, but %s has no weight of such a module of its own. Its modules are %s."
                .formatted(module, model.name(), lastNames(model)));
      }
    }
    return whole;
  }

  /** Whether a weight lies in a module whose path ends with one of the names. */
  private static boolean isSaved(String weight, List<String> modules) {
    for (String path = AdaptedModel.module(weight);
        !path.isEmpty();
        path = AdaptedModel.module(path)) {
      if (modules.stream().anyMatch(path::endsWith)) {
        return true;
      }
    }
    return false;
  }

  private static void requireFitting(
      List<LoraTarget> adapted,
      List<String> unfit,
      ModuleSelection targets,
      LoraConfig config,
      AdaptedModel model) {
    if (!unfit.isEmpty()) {
      throw new CheckpointException(
          "The targets %s mean %s, which %s reads neither as a linear layer nor as an embedding. Linear layers are %s."
              .formatted(targets, unfit, model.name(), lastNames(model)));
    }
    if (adapted.isEmpty()) {
      throw new CheckpointException(
          "The targets %s%s mean no module of %s. Its linear layers are %s; all-linear means them all."
              .formatted(
                  targets,
                  config.excluded().isEmpty() ? "" : " without " + config.excluded(),
                  model.name(),
                  lastNames(model)));
    }
    if (config.dora() && adapted.stream().anyMatch(t -> t.use() == WeightUse.TABLE)) {
      throw new CheckpointException(
          "DoRA is for linear layers, but the targets %s mean an embedding. Leave it out or turn DoRA off."
              .formatted(targets));
    }
  }

  private static Set<String> lastNames(AdaptedModel model) {
    Set<String> names = new LinkedHashSet<>();
    for (WeightSpec spec : model.weights().specs()) {
      if (model.isLinear(spec.name())) {
        String module = AdaptedModel.module(spec.name());
        names.add(module.substring(module.lastIndexOf('.') + 1));
      }
    }
    return names;
  }
}
