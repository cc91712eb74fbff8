package org.attune.model.adapter;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.weights.LowRank;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightUse;
import org.jspecify.annotations.Nullable;

/**
 * One weight that an adapter adds to, and the names of what it adds.
 *
 * @param weight the frozen weight's name
 * @param use how the model computes with it
 * @param in the size of A's other side: inputs, or the rows of a table
 * @param out the size of B's other side
 * @param rank r
 * @param scaling s
 * @param dora whether rows have magnitudes
 */
record LoraTarget(
    String weight, WeightUse use, long in, long out, int rank, double scaling, boolean dora) {

  private String named(String linear, String table) {
    return AdaptedModel.module(weight) + (use == WeightUse.TABLE ? table : linear);
  }

  String down() {
    return named(".lora_A.weight", ".lora_embedding_A");
  }

  String up() {
    return named(".lora_B.weight", ".lora_embedding_B");
  }

  @Nullable String magnitude() {
    return dora ? AdaptedModel.module(weight) + ".lora_magnitude_vector" : null;
  }

  List<WeightSpec> specs() {
    List<WeightSpec> specs = new ArrayList<>();
    specs.add(new WeightSpec(down(), rank, in));
    specs.add(new WeightSpec(up(), out, rank));
    String magnitude = magnitude();
    if (magnitude != null) {
      specs.add(new WeightSpec(magnitude, out));
    }
    return specs;
  }

  LowRank lowRank() {
    return new LowRank(down(), up(), magnitude(), scaling);
  }
}
