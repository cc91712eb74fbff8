package org.attune.train.session;

import java.util.Locale;
import org.attune.run.ComputeDtype;
import org.attune.run.TrainingConfig;
import org.attune.tensor.DType;
import org.attune.tensor.Machine;

/**
 * How a run computes: how many replicas side by side, and in which type the linear layers multiply.
 *
 * @param reason why, for the log
 */
public record ComputePlan(int replicas, ComputeDtype dtype, String reason) {
  /** The configured settings, or what suits the machine. */
  public static ComputePlan of(TrainingConfig config) {
    Integer asked = config.replicas();
    int replicas = asked != null ? asked : Machine.processors();
    String count =
        asked != null ? "as configured" : "one for each of %d processors".formatted(replicas);
    boolean bfloat16 =
        switch (config.computeDtype()) {
          case FP32 -> false;
          case BF16 -> true;
          case AUTO -> Machine.multipliesBfloat16();
        };
    String why =
        config.computeDtype() != ComputeDtype.AUTO
            ? "as configured"
            : bfloat16
                ? "the processor multiplies bfloat16 natively"
                : "the processor has no native bfloat16";
    return new ComputePlan(
        replicas,
        bfloat16 ? ComputeDtype.BF16 : ComputeDtype.FP32,
        "%d replicas (%s), linear layers in %s (%s)"
            .formatted(replicas, count, bfloat16 ? "bf16" : "fp32", why));
  }

  /** The plan of the run that a checkpoint belongs to. */
  static ComputePlan of(TrainerState state) {
    return new ComputePlan(
        state.replicas(),
        state.computeDtype(),
        "%d replicas, linear layers in %s (as before the interruption)"
            .formatted(state.replicas(), state.computeDtype().name().toLowerCase(Locale.ROOT)));
  }

  public DType computeType() {
    return dtype == ComputeDtype.BF16 ? DType.BFLOAT16 : DType.FLOAT32;
  }
}
