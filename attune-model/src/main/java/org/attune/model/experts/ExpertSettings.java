package org.attune.model.experts;

import java.util.List;
import java.util.stream.IntStream;
import org.attune.model.checkpoint.ConfigJson;

/**
 * What {@code config.json} says of experts.
 *
 * @param experts E, in each layer that has any
 * @param perToken k, how many of them each token uses
 * @param width channels inside each expert
 * @param normed whether the weights of a token's experts are made to sum to 1
 * @param sparse for each layer whether it has experts
 * @param routerLossWeight what training multiplies the router's loss by; 0 for none
 */
public record ExpertSettings(
    int experts,
    int perToken,
    int width,
    boolean normed,
    List<Boolean> sparse,
    double routerLossWeight) {
  private static final double ROUTER_LOSS_WEIGHT = 0.001;

  /**
   * What transformers takes where a family's file says nothing.
   *
   * @param experts E
   * @param perToken k
   */
  public record Defaults(int experts, int perToken) {}

  /** Reads Mixtral's keys: every layer has experts. */
  public static ExpertSettings ofEveryLayer(ConfigJson json, int layers, Defaults defaults) {
    return read(
        json,
        defaults,
        "num_local_experts",
        json.atLeastOne("intermediate_size"),
        true,
        IntStream.range(0, layers).mapToObj(i -> true).toList());
  }

  /**
   * Reads Qwen's keys: layers have experts where {@code decoder_sparse_step} divides their number,
   * counted from 1, but for {@code mlp_only_layers}, counted from 0.
   */
  public static ExpertSettings ofSomeLayers(ConfigJson json, int layers, Defaults defaults) {
    int step = json.integer("decoder_sparse_step", 1);
    if (step < 1) {
      throw json.mismatch("decoder_sparse_step", "at least 1");
    }
    List<Integer> dense = json.integers("mlp_only_layers");
    return read(
        json,
        defaults,
        json.has("num_local_experts") ? "num_local_experts" : "num_experts",
        json.atLeastOne("moe_intermediate_size"),
        json.flag("norm_topk_prob", false),
        IntStream.range(0, layers)
            .mapToObj(i -> (i + 1) % step == 0 && !dense.contains(i))
            .toList());
  }

  private static ExpertSettings read(
      ConfigJson json,
      Defaults defaults,
      String count,
      int width,
      boolean normed,
      List<Boolean> sparse) {
    int experts = json.has(count) ? json.atLeastOne(count) : defaults.experts;
    int perToken =
        json.has("num_experts_per_tok")
            ? json.atLeastOne("num_experts_per_tok")
            : defaults.perToken;
    if (perToken > experts) {
      throw json.mismatch("num_experts_per_tok", "at most %s, %d".formatted(count, experts));
    }
    double weight = json.number("router_aux_loss_coef", ROUTER_LOSS_WEIGHT);
    if (!(weight >= 0)) {
      throw json.mismatch("router_aux_loss_coef", "at least 0");
    }
    return new ExpertSettings(
        experts,
        perToken,
        width,
        normed,
        sparse,
        json.flag("output_router_logits", false) ? weight : 0);
  }
}
