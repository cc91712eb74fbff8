package org.attune.model.adapter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.weights.Adaptation;
import org.attune.model.weights.LowRank;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.Weights;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;

/**
 * A low-rank adapter of one model: the few weights that are trained in front of its frozen ones.
 *
 * <p>Factors and all that is trained whole lie in one flat buffer, so that optimizers, clipping and
 * checkpoints work on them as on a whole model's weights.
 */
public final class Adapter implements AutoCloseable {
  private final LoraConfig config;
  private final AdaptedModel model;
  private final LoraTargets targets;
  private final Weights trained;
  private final Adaptation adaptation;

  private Adapter(LoraConfig config, AdaptedModel model) {
    this.config = config;
    this.model = model;
    targets = LoraTargets.of(config, model);
    List<WeightSpec> specs = new ArrayList<>();
    Map<String, LowRank> deltas = new LinkedHashMap<>();
    for (LoraTarget target : targets.adapted()) {
      specs.addAll(target.specs());
      deltas.put(target.weight(), target.lowRank());
    }
    // after all factors, so that neighbours stay neighbours
    model.weights().specs().stream()
        .filter(spec -> targets.whole().contains(spec.name()))
        .forEach(specs::add);
    trained = new Weights(specs);
    adaptation = new Adaptation(trained, deltas, config.dropout());
  }

  /**
   * A new adapter, which leaves the model's outputs as they are unless the configuration asks for
   * random factors.
   *
   * @throws CheckpointException if the configuration does not fit the model
   */
  public static Adapter fresh(LoraConfig config, AdaptedModel model, long seed) {
    Adapter adapter = new Adapter(config, model);
    LoraInitialization initialization =
        new LoraInitialization(config.init(), adapter.trained, seed);
    adapter.targets.adapted().forEach(initialization::fill);
    GradientMode.useWithout(adapter::startAtFrozenWeights);
    return adapter;
  }

  private void startAtFrozenWeights() {
    for (String name : targets.whole()) {
      TensorScope.use(() -> trained.get(name).copyInPlace(model.weights().get(name)));
    }
    LowRankMerge merge = new LowRankMerge(trained, model.weights());
    for (LoraTarget target : targets.adapted()) {
      String magnitude = target.magnitude();
      if (magnitude != null) {
        TensorScope.use(() -> trained.get(magnitude).copyInPlace(merge.rowNorms(target)));
      }
    }
  }

  /**
   * Reads PEFT's files.
   *
   * @throws CheckpointException if they are damaged, not understood, or those of another base
   */
  public static Adapter load(Path directory, AdaptedModel model) {
    AdapterDirectory files = AdapterDirectory.open(directory);
    Adapter adapter = new Adapter(files.config(), model);
    try {
      files.fill(adapter.targets, adapter.trained, model);
      return adapter;
    } catch (RuntimeException e) {
      adapter.close();
      throw e;
    }
  }

  /**
   * Writes PEFT's files into an existing directory.
   *
   * @param base what to call the model
   * @param task PEFT's name of the task, such as {@code CAUSAL_LM}
   */
  public void save(Path directory, String base, String task) {
    AdapterDirectory.write(directory, config, base, task, targets, trained);
  }

  public LoraConfig config() {
    return config;
  }

  /** Everything that is trained. */
  public Weights trained() {
    return trained;
  }

  /** The adapter as a model's views compute with it. */
  public Adaptation adaptation() {
    return adaptation;
  }

  /**
   * Adds what it has learned to the model's own weights, which then give the same outputs without
   * it.
   *
   * @return the weights before, to be put back by closing
   * @throws CheckpointException if the model cannot hold it
   */
  public MergedWeights merge() {
    if (model.weights().isFrozen()) {
      throw new CheckpointException(
          "%s was loaded in fewer bits, which cannot hold what an adapter adds. Load it whole to merge."
              .formatted(model.name()));
    }
    for (LoraTarget target : targets.adapted()) {
      requireOwnTable(target.weight());
    }
    targets.whole().forEach(this::requireOwnTable);
    MergedWeights before = new MergedWeights(model.weights());
    LowRankMerge merge = new LowRankMerge(trained, model.weights());
    GradientMode.useWithout(
        () -> {
          for (LoraTarget target : targets.adapted()) {
            before.remember(target.weight());
            TensorScope.use(() -> merge.apply(target));
          }
          for (String name : targets.whole()) {
            before.remember(name);
            TensorScope.use(() -> model.weights().get(name).copyInPlace(trained.get(name)));
          }
        });
    model.weights().renewComputeCopy();
    return before;
  }

  private void requireOwnTable(String weight) {
    if (model.shared().contains(weight)) {
      throw new CheckpointException(
          "The adapter changes %s as an embedding, but in %s it is the output layer too, which the adapter leaves alone: one matrix cannot hold both. Keep the adapter beside its base."
              .formatted(weight, model.name()));
    }
  }

  @Override
  public void close() {
    trained.close();
  }
}
