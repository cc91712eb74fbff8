package org.attune.model.rotary;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * Reads rotary positions from {@code config.json} in both dialects.
 *
 * <p>transformers 4 writes {@code rope_theta}, {@code partial_rotary_factor} and {@code
 * rope_scaling}, whose kind is {@code type} or {@code rope_type}; transformers 5 writes all of it
 * into {@code rope_parameters}, for some families nested by type of layer. A kind or key that is
 * not known is an error.
 */
public final class RotaryParameters {
  private static final String SHARE = "partial_rotary_factor";
  private static final String ORIGINAL = "original_max_position_embeddings";
  private static final Set<String> OF_EVERY_KIND = Set.of("rope_theta", "rope_type", "type", SHARE);

  private static final Map<String, Set<String>> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("default", Set.of());
    KINDS.put("linear", Set.of("factor"));
    KINDS.put("dynamic", Set.of("factor"));
    KINDS.put(
        "yarn",
        Set.of(
            "factor",
            ORIGINAL,
            "attention_factor",
            "beta_fast",
            "beta_slow",
            "mscale",
            "mscale_all_dim",
            "truncate"));
    KINDS.put(
        "longrope", Set.of("short_factor", "long_factor", ORIGINAL, "factor", "attention_factor"));
    KINDS.put("llama3", Set.of("factor", "low_freq_factor", "high_freq_factor", ORIGINAL));
    KINDS.put("proportional", Set.of("factor"));
  }

  private final ConfigJson config;
  private final @Nullable ConfigJson parameters;
  private final Defaults defaults;
  private final String kind;

  /**
   * What a family's heads are, and what holds where the file says nothing.
   *
   * @param headSize D
   * @param base θ, where no {@code rope_theta} is given
   * @param partial which channels of a head the family can turn
   * @param share of each head's channels, where no {@code partial_rotary_factor} is given
   */
  public record Defaults(int headSize, double base, Partial partial, double share) {
    /** All channels of a head turn. */
    public static Defaults of(int headSize, double base) {
      return new Defaults(headSize, base, Partial.REFUSED, 1);
    }

    /** A share of each head's channels turns. */
    public static Defaults ofShare(int headSize, double base, double share) {
      return new Defaults(headSize, base, Partial.SUPPORTED, share);
    }
  }

  /**
   * Whether a family turns a share of each head's channels, as {@code partial_rotary_factor} says.
   */
  public enum Partial {
    SUPPORTED,
    REFUSED
  }

  private RotaryParameters(ConfigJson config, Optional<ConfigJson> parameters, Defaults defaults) {
    this.config = config;
    this.parameters = parameters.orElse(null);
    this.defaults = defaults;
    kind = kind();
  }

  /**
   * Reads the positions of all layers.
   *
   * @throws CheckpointException if something is missing, out of range or not understood
   */
  public static RotaryScaling read(ConfigJson config, Defaults defaults) {
    return new RotaryParameters(config, flat(config), defaults).scaling();
  }

  /**
   * Reads the positions that given parameters describe, such as those of one type of layer.
   *
   * @param parameters an object inside {@code config}
   */
  public static RotaryScaling read(
      ConfigJson config, Optional<ConfigJson> parameters, Defaults defaults) {
    return new RotaryParameters(config, parameters, defaults).scaling();
  }

  private static Optional<ConfigJson> flat(ConfigJson config) {
    Optional<ConfigJson> four = config.object("rope_scaling");
    Optional<ConfigJson> five = config.object("rope_parameters");
    if (four.isPresent() && five.isPresent()) {
      throw config.mismatch("rope_scaling", "absent where rope_parameters is given");
    }
    return five.or(() -> four);
  }

  private String kind() {
    if (parameters == null) {
      return "default";
    }
    String type = parameters.text("type", "default");
    String named = parameters.text("rope_type", type);
    if (parameters.has("type") && !type.equals(named)) {
      throw parameters.mismatch("type", "the same as rope_type, \"" + named + "\"");
    }
    String current = named.equals("su") ? "longrope" : named; // its name in the first Phi-3 files
    Set<String> known = KINDS.get(current);
    if (known == null) {
      throw parameters.mismatch(
          parameters.has("rope_type") ? "rope_type" : "type",
          "one of " + String.join(", ", KINDS.keySet()));
    }
    for (String key : parameters.keys()) {
      if (!known.contains(key) && !OF_EVERY_KIND.contains(key)) {
        throw parameters.mismatch(
            key, "left out: scaling of the kind \"" + named + "\" has no such key");
      }
    }
    return current;
  }

  private RotaryScaling scaling() {
    double base = base();
    double share = share();
    int channels = kind.equals("proportional") ? defaults.headSize : turned(share);
    Unscaled unscaled = new Unscaled(channels, base);
    return switch (kind) {
      case "linear" -> new LinearScaling(unscaled, required("factor"));
      case "dynamic" -> new DynamicNtkScaling(channels, base, required("factor"), configured());
      case "yarn" -> yarn(unscaled);
      case "longrope" -> longRope(unscaled);
      case "llama3" -> llama3(unscaled);
      case "proportional" ->
          new ProportionalScaling(
              unscaled, (int) Math.floor(share * defaults.headSize / 2), positive("factor", 1));
      default -> unscaled;
    };
  }

  private double base() {
    ConfigJson from = parameters != null && parameters.has("rope_theta") ? parameters : config;
    double base = from.number("rope_theta", defaults.base);
    if (!(base > 1)) {
      throw from.mismatch("rope_theta", "a number above 1");
    }
    return base;
  }

  private double share() {
    ConfigJson from = parameters != null && parameters.has(SHARE) ? parameters : config;
    double share = from.number(SHARE, defaults.share);
    boolean mayBePartial = defaults.partial == Partial.SUPPORTED || kind.equals("proportional");
    if (share != 1 && !mayBePartial) {
      throw from.mismatch(SHARE, "1 in this family");
    }
    if (!(share > 0 && share <= 1)) {
      throw from.mismatch(SHARE, "above 0 and at most 1");
    }
    return share;
  }

  private int turned(double share) {
    int channels = (int) (defaults.headSize * share);
    if (channels < 1 || (channels == defaults.headSize && channels % 2 != 0)) {
      throw new CheckpointException(
          "%s: rotary positions turn pairs of channels, but the size of a head is %d. It must be even."
              .formatted(config.file(), defaults.headSize));
    }
    return channels;
  }

  private RotaryScaling yarn(Unscaled unscaled) {
    int original = originalLength();
    double factor = positive("factor", (double) configured() / original);
    double weight = number("mscale", 0);
    double weightOfAll = number("mscale_all_dim", 0);
    double inferred =
        weight != 0 && weightOfAll != 0
            ? YarnScaling.magnitude(factor, weight) / YarnScaling.magnitude(factor, weightOfAll)
            : YarnScaling.magnitude(factor, 1);
    return new YarnScaling(
        unscaled.channels(),
        unscaled.base(),
        factor,
        original,
        positive("beta_fast", 32),
        positive("beta_slow", 1),
        given().flag("truncate", true) ? YarnScaling.Bounds.WHOLE_PAIRS : YarnScaling.Bounds.EXACT,
        positive("attention_factor", inferred));
  }

  private RotaryScaling longRope(Unscaled unscaled) {
    int original = originalLength();
    double factor = positive("factor", (double) configured() / original);
    return new LongRopeScaling(
        unscaled.channels(),
        unscaled.base(),
        factors("short_factor", unscaled.channels()),
        factors("long_factor", unscaled.channels()),
        original,
        positive("attention_factor", LongRopeScaling.magnitude(factor, original)));
  }

  private List<Double> factors(String key, int channels) {
    List<Double> factors = given().numbers(key);
    int pairs = new Channels(channels, 1).pairs();
    if (factors.size() != pairs || factors.stream().anyMatch(factor -> !(factor > 0))) {
      throw given()
          .mismatch(key, "a list of %d numbers above 0, one for each pair".formatted(pairs));
    }
    return factors;
  }

  private RotaryScaling llama3(Unscaled unscaled) {
    double low = required("low_freq_factor");
    double high = required("high_freq_factor");
    if (!(high > low)) {
      throw given().mismatch("high_freq_factor", "above low_freq_factor");
    }
    return new Llama3Scaling(unscaled, required("factor"), low, high, originalLength());
  }

  private int configured() {
    return config.integer("max_position_embeddings");
  }

  /** A key of the whole model goes before that of the parameters, as in transformers. */
  private int originalLength() {
    ConfigJson from = config.has(ORIGINAL) ? config : given();
    int original = from.integer(ORIGINAL, configured());
    if (original < 2) {
      throw from.mismatch(ORIGINAL, "at least 2");
    }
    return original;
  }

  private double required(String key) {
    if (!given().has(key)) {
      throw given().mismatch(key, "a number above 0");
    }
    return positive(key, 1);
  }

  private double positive(String key, double otherwise) {
    double value = number(key, otherwise);
    if (!(value > 0)) {
      throw given().mismatch(key, "a number above 0");
    }
    return value;
  }

  private double number(String key, double otherwise) {
    return given().number(key, otherwise);
  }

  /** Every kind but the default one comes with parameters. */
  private ConfigJson given() {
    if (parameters == null) {
      throw config.mismatch("rope_parameters", "an object");
    }
    return parameters;
  }
}
