package org.attune.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A low-rank adapter to train instead of all weights: the section "lora". Keys are those of PEFT
 * without its prefixes.
 *
 * @param r inner size of the factors, &gt; 0; null, the default, trains all weights; 8 to 64 is
 *     usual
 * @param alpha what is added is multiplied by alpha / r, &gt; 0; default 8, as PEFT's
 * @param dropout share of their input that adapted layers' factors drop, in [0, 1); default 0
 * @param targetModules ends of the paths of modules to adapt, or {@code all-linear}; none, the
 *     default, means those that PEFT adapts in the model's family
 * @param targetPattern regular expression that matches whole paths of modules to adapt, in place of
 *     {@code targetModules}; default null
 * @param excludeModules ends of the paths of modules that are not adapted; default none
 * @param layersToTransform indices of the layers to adapt; default all
 * @param layersPattern names before the index in a path; default any
 * @param rankPattern r for modules whose path ends with a match of the key
 * @param alphaPattern alpha likewise
 * @param rslora whether alpha / √r is used (Kalajdzievski 2023, arXiv:2312.03732); default false
 * @param dora whether row magnitudes are trained (Liu et al. 2024, arXiv:2402.09353); default false
 * @param bias which biases are trained as well; default none
 * @param modulesToSave ends of the paths of modules that are trained whole; default none; new heads
 *     always are
 * @param init where the factors start; default {@link AdapterInit#KAIMING}
 * @param quantize in how few bits the model's linear layers are kept (Dettmers et al. 2023,
 *     arXiv:2305.14314); null, the default, keeps them whole
 */
public record AdapterConfig(
    @Nullable Integer r,
    double alpha,
    double dropout,
    List<String> targetModules,
    @Nullable String targetPattern,
    List<String> excludeModules,
    List<Integer> layersToTransform,
    List<String> layersPattern,
    Map<String, Integer> rankPattern,
    Map<String, Double> alphaPattern,
    boolean rslora,
    boolean dora,
    AdapterBias bias,
    List<String> modulesToSave,
    AdapterInit init,
    @Nullable BaseQuantization quantize) {

  public AdapterConfig {
    targetModules = List.copyOf(targetModules);
    excludeModules = List.copyOf(excludeModules);
    layersToTransform = List.copyOf(layersToTransform);
    layersPattern = List.copyOf(layersPattern);
    rankPattern = Collections.unmodifiableMap(new LinkedHashMap<>(rankPattern));
    alphaPattern = Collections.unmodifiableMap(new LinkedHashMap<>(alphaPattern));
    modulesToSave = List.copyOf(modulesToSave);
    var rules = Rules.ofSection("lora");
    rules.check(r == null || r > 0, "r", r, "must be > 0", "8 to 64 is usual.");
    rules.check(
        alpha > 0 && Double.isFinite(alpha), "alpha", alpha, "must be > 0", "r to 2 r is usual.");
    rules.check(
        dropout >= 0 && dropout < 1,
        "dropout",
        dropout,
        "must be >= 0 and < 1",
        "0.05 is usual; 0 switches it off.");
    rules.check(
        targetPattern == null || targetModules.isEmpty(),
        "target-pattern",
        targetPattern,
        "must be left out when lora.target-modules names modules",
        "Remove one of the two.");
    rules.check(
        targetModules.size() < 2 || !targetModules.contains("all-linear"),
        "target-modules",
        targetModules,
        "must not name other modules beside all-linear",
        "Keep all-linear alone, and leave modules out by lora.exclude-modules.");
    rules.check(
        layersToTransform.isEmpty() || targetPattern == null,
        "layers-to-transform",
        layersToTransform,
        "must be left out with lora.target-pattern",
        "Let the pattern choose the layers.");
    rules.check(
        layersPattern.isEmpty() || !layersToTransform.isEmpty(),
        "layers-pattern",
        layersPattern,
        "needs lora.layers-to-transform",
        "Name the layers, such as [0, 1].");
    rules.check(
        rankPattern.values().stream().allMatch(rank -> rank > 0),
        "rank-pattern",
        rankPattern,
        "must have ranks > 0",
        "8 to 64 is usual.");
    rules.check(
        alphaPattern.values().stream().allMatch(a -> a > 0 && Double.isFinite(a)),
        "alpha-pattern",
        alphaPattern,
        "must have numbers > 0",
        "r to 2 r is usual.");
    checkExpressions(rules, "target-pattern", Stream.ofNullable(targetPattern));
    checkExpressions(rules, "layers-pattern", layersPattern.stream());
    checkExpressions(rules, "rank-pattern", rankPattern.keySet().stream());
    checkExpressions(rules, "alpha-pattern", alphaPattern.keySet().stream());
    checkExpressions(rules, "modules-to-save", modulesToSave.stream());
    boolean isDefault =
        alpha == Builder.ALPHA
            && dropout == 0
            && targetModules.isEmpty()
            && targetPattern == null
            && excludeModules.isEmpty()
            && layersToTransform.isEmpty()
            && rankPattern.isEmpty()
            && alphaPattern.isEmpty()
            && !rslora
            && !dora
            && bias == AdapterBias.NONE
            && modulesToSave.isEmpty()
            && init == AdapterInit.KAIMING
            && quantize == null;
    rules.checkGiven(
        r != null || isDefault,
        "r",
        "Name the adapter's rank, such as 16; without one, all weights are trained and lora must be left out.");
    rules.throwIfBroken();
  }

  private static void checkExpressions(Rules rules, String key, Stream<String> expressions) {
    expressions.forEach(
        expression -> {
          try {
            Pattern.compile(expression);
          } catch (PatternSyntaxException e) {
            rules.check(
                false,
                key,
                expression,
                "must be a regular expression (" + e.getDescription() + ")",
                "Put a backslash before a character that stands for itself.");
          }
        });
  }

  /** A builder that starts at the documented defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts at these settings. */
  public Builder toBuilder() {
    return new Builder()
        .r(r)
        .alpha(alpha)
        .dropout(dropout)
        .targetModules(targetModules)
        .targetPattern(targetPattern)
        .excludeModules(excludeModules)
        .layersToTransform(layersToTransform)
        .layersPattern(layersPattern)
        .rankPattern(rankPattern)
        .alphaPattern(alphaPattern)
        .rslora(rslora)
        .dora(dora)
        .bias(bias)
        .modulesToSave(modulesToSave)
        .init(init)
        .quantize(quantize);
  }

  /** Builds an {@link AdapterConfig}. */
  public static final class Builder {
    private static final double ALPHA = 8;

    private @Nullable Integer r;
    private double alpha = ALPHA;
    private double dropout;
    private List<String> targetModules = List.of();
    private @Nullable String targetPattern;
    private List<String> excludeModules = List.of();
    private List<Integer> layersToTransform = List.of();
    private List<String> layersPattern = List.of();
    private Map<String, Integer> rankPattern = Map.of();
    private Map<String, Double> alphaPattern = Map.of();
    private boolean rslora;
    private boolean dora;
    private AdapterBias bias = AdapterBias.NONE;
    private List<String> modulesToSave = List.of();
    private AdapterInit init = AdapterInit.KAIMING;
    private @Nullable BaseQuantization quantize;

    private Builder() {}

    public Builder r(@Nullable Integer r) {
      this.r = r;
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

    public Builder targetModules(String... targetModules) {
      return targetModules(List.of(targetModules));
    }

    public Builder targetModules(List<String> targetModules) {
      this.targetModules = targetModules;
      return this;
    }

    public Builder targetPattern(@Nullable String targetPattern) {
      this.targetPattern = targetPattern;
      return this;
    }

    public Builder excludeModules(List<String> excludeModules) {
      this.excludeModules = excludeModules;
      return this;
    }

    public Builder layersToTransform(List<Integer> layersToTransform) {
      this.layersToTransform = layersToTransform;
      return this;
    }

    public Builder layersPattern(List<String> layersPattern) {
      this.layersPattern = layersPattern;
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

    public Builder rslora(boolean rslora) {
      this.rslora = rslora;
      return this;
    }

    public Builder dora(boolean dora) {
      this.dora = dora;
      return this;
    }

    public Builder bias(AdapterBias bias) {
      this.bias = bias;
      return this;
    }

    public Builder modulesToSave(List<String> modulesToSave) {
      this.modulesToSave = modulesToSave;
      return this;
    }

    public Builder init(AdapterInit init) {
      this.init = init;
      return this;
    }

    public Builder quantize(@Nullable BaseQuantization quantize) {
      this.quantize = quantize;
      return this;
    }

    /**
     * Checks the settings and makes the record of them.
     *
     * @throws InvalidConfigurationException with all broken rules
     */
    public AdapterConfig build() {
      return new AdapterConfig(
          r,
          alpha,
          dropout,
          targetModules,
          targetPattern,
          excludeModules,
          layersToTransform,
          layersPattern,
          rankPattern,
          alphaPattern,
          rslora,
          dora,
          bias,
          modulesToSave,
          init,
          quantize);
    }
  }
}
