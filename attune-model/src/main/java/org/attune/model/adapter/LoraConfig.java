package org.attune.model.adapter;

import java.util.List;
import java.util.Map;
import org.attune.model.checkpoint.CheckpointException;

/**
 * How an adapter changes a model: the settings of PEFT's {@code LoraConfig} that Attune knows.
 *
 * @param rank r, the inner size of the factors, &gt; 0
 * @param alpha α; what is added is multiplied by α/r
 * @param dropout of x before A while training, in [0, 1)
 * @param targets the modules to adapt; none means those usual for the family
 * @param excluded modules not to adapt in spite of {@code targets}
 * @param layers indices of the layers to adapt; empty means all
 * @param layersPatterns names before the index in a path; empty means any
 * @param rankPattern r of modules whose path ends with a match of the key, first match first
 * @param alphaPattern α likewise
 * @param rsLora whether the factor is α/√r (Kalajdzievski 2023, arXiv:2312.03732)
 * @param dora whether rows have trained magnitudes (Liu et al. 2024, arXiv:2402.09353)
 * @param bias which biases are trained as well
 * @param modulesToSave modules trained whole, by the end of their path
 * @param init where the factors start
 * @param fanInFanOut whether PEFT finds the matrices stored as {@code [in, out]}; Attune knows it
 *     from the model and writes it down
 */
public record LoraConfig(
    int rank,
    double alpha,
    double dropout,
    ModuleSelection targets,
    ModuleSelection excluded,
    List<Integer> layers,
    List<String> layersPatterns,
    Map<String, Integer> rankPattern,
    Map<String, Double> alphaPattern,
    boolean rsLora,
    boolean dora,
    BiasTraining bias,
    List<String> modulesToSave,
    LoraInit init,
    boolean fanInFanOut) {

  public LoraConfig {
    layers = List.copyOf(layers);
    layersPatterns = List.copyOf(layersPatterns);
    modulesToSave = List.copyOf(modulesToSave);
    if (rank < 1 || rankPattern.values().stream().anyMatch(r -> r < 1)) {
      throw new CheckpointException(
          "An adapter's rank r must be at least 1 but was %d (rank_pattern %s). 8 to 64 is usual."
              .formatted(rank, rankPattern));
    }
    if (!layers.isEmpty() && targets.expression() != null) {
      throw new CheckpointException(
          "layers_to_transform %s needs target_modules as a list of names, but they are %s. Let the expression choose the layers."
              .formatted(layers, targets));
    }
  }

  /** A builder that starts at PEFT's defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a {@link LoraConfig}. */
  public static final class Builder {
    private int rank = 8;
    private double alpha = 8;
    private double dropout;
    private ModuleSelection targets = ModuleSelection.NONE;
    private ModuleSelection excluded = ModuleSelection.NONE;
    private List<Integer> layers = List.of();
    private List<String> layersPatterns = List.of();
    private Map<String, Integer> rankPattern = Map.of();
    private Map<String, Double> alphaPattern = Map.of();
    private boolean rsLora;
    private boolean dora;
    private BiasTraining bias = BiasTraining.NONE;
    private List<String> modulesToSave = List.of();
    private LoraInit init = LoraInit.KAIMING;
    private boolean fanInFanOut;

    private Builder() {}

    public Builder rank(int rank) {
      this.rank = rank;
      return this;
    }

    public Builder alpha(double alpha) {
      this.alpha = alpha;
      return this;
    }

    public Builder dropout(double dropout) {
      this.dropout = dropout;
      return this;
    }

    public Builder targets(ModuleSelection targets) {
      this.targets = targets;
      return this;
    }

    public Builder excluded(ModuleSelection excluded) {
      this.excluded = excluded;
      return this;
    }

    public Builder layers(List<Integer> layers) {
      this.layers = layers;
      return this;
    }

    public Builder layersPatterns(List<String> layersPatterns) {
      this.layersPatterns = layersPatterns;
      return this;
    }

    public Builder rankPattern(Map<String, Integer> rankPattern) {
      this.rankPattern = rankPattern;
      return this;
    }

    public Builder alphaPattern(Map<String, Double> alphaPattern) {
      this.alphaPattern = alphaPattern;
      return this;
    }

    public Builder rsLora(boolean rsLora) {
      this.rsLora = rsLora;
      return this;
    }

    public Builder dora(boolean dora) {
      this.dora = dora;
      return this;
    }

    public Builder bias(BiasTraining bias) {
      this.bias = bias;
      return this;
    }

    public Builder modulesToSave(List<String> modulesToSave) {
      this.modulesToSave = modulesToSave;
      return this;
    }

    public Builder init(LoraInit init) {
      this.init = init;
      return this;
    }

    public Builder fanInFanOut(boolean fanInFanOut) {
      this.fanInFanOut = fanInFanOut;
      return this;
    }

    public LoraConfig build() {
      return new LoraConfig(
          rank,
          alpha,
          dropout,
          targets,
          excluded,
          layers,
          layersPatterns,
          rankPattern,
          alphaPattern,
          rsLora,
          dora,
          bias,
          modulesToSave,
          init,
          fanInFanOut);
    }
  }
}
