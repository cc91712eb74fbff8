package org.attune.benchmarks;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import org.attune.run.BaseQuantization;
import org.attune.run.ComputeDtype;
import org.attune.run.sft.Packing;
import org.attune.run.sft.SftConfig;
import org.jspecify.annotations.Nullable;

/**
 * The settings that both sides of a comparison read from one file.
 *
 * @param model directory of the model
 * @param rows JSON lines with a column {@code text}, or {@code prompt} and {@code completion}
 * @param runDir where the run goes; must not exist
 * @param packing how rows share sequences
 * @param maxLength tokens of a packed row
 * @param batchSize packed rows of a step
 * @param steps optimizer steps
 * @param loraRank the rank of an adapter on all linear layers; 0 trains all weights
 * @param quantize how the adapter's base is kept; null for whole
 * @param dtype the type that linear layers multiply in
 * @param dropout in every place of the model; null for what its configuration says
 */
record SftWork(
    Path model,
    Path rows,
    @JsonProperty("run_dir") Path runDir,
    Packing packing,
    @JsonProperty("max_length") int maxLength,
    @JsonProperty("batch_size") int batchSize,
    int steps,
    @JsonProperty("lora_rank") int loraRank,
    @Nullable BaseQuantization quantize,
    @Nullable ComputeDtype dtype,
    @Nullable Double dropout) {

  /**
   * All weights, or an adapter, by AdamW, the rows in order, so that both sides learn the same
   * batches.
   */
  SftConfig config() {
    return SftConfig.builder()
        .runDir(runDir)
        .model(model.toString())
        .packing(packing)
        .maxLength(maxLength)
        .lora(
            lora ->
                loraRank == 0
                    ? lora
                    : lora.r(loraRank)
                        .alpha(loraRank)
                        .targetModules("all-linear")
                        .quantize(quantize))
        .training(
            training ->
                training
                    .batchSize(batchSize)
                    .maxSteps(steps)
                    .computeDtype(dtype == null ? ComputeDtype.FP32 : dtype)
                    .dropout(dropout)
                    .shuffle(false)
                    .saveSteps(0))
        .build();
  }
}
