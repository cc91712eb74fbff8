package org.attune.model.adapter;

import java.util.Map;
import java.util.Set;
import org.attune.model.weights.WeightUse;
import org.attune.model.weights.Weights;

/**
 * What an adapter must know of its base.
 *
 * @param name what errors call it
 * @param modelType the family, {@code model_type} in config.json
 * @param weights all of them
 * @param uses how the transformer and its head compute with each
 * @param shared tables that are the output layer's matrix too
 * @param outputs names of the output layer's own weights
 * @param heads names of value or score weights, which are trained whole where they are not adapted
 */
public record AdaptedModel(
    String name,
    String modelType,
    Weights weights,
    Map<String, WeightUse> uses,
    Set<String> shared,
    Set<String> outputs,
    Set<String> heads) {

  /** The path of the module that a weight belongs to. */
  static String module(String weight) {
    return weight.substring(0, Math.max(0, weight.lastIndexOf('.')));
  }

  /** Whether an adapter can add to a weight. */
  boolean isAdaptable(String weight) {
    WeightUse use = uses.get(weight);
    return use != null && use != WeightUse.PLAIN;
  }

  boolean isLinear(String weight) {
    return isAdaptable(weight) && uses.get(weight) != WeightUse.TABLE && !shared.contains(weight);
  }
}
