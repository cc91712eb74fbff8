package org.attune.benchmarks;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import org.attune.run.ComputeDtype;
import org.attune.run.sft.Packing;
import org.attune.run.sft.SftConfig;

/**
 * The settings that both sides of a comparison read from one file.
 *
 * @param model directory of the model
 * @param rows JSON lines with a column {@code text}
 * @param runDir where the run goes; must not exist
 * @param packing how rows share sequences
 * @param maxLength tokens of a packed row
 * @param batchSize packed rows of a step
 * @param steps optimizer steps
 */
record SftWork(
    Path model,
    Path rows,
    @JsonProperty("run_dir") Path runDir,
    Packing packing,
    @JsonProperty("max_length") int maxLength,
    @JsonProperty("batch_size") int batchSize,
    int steps) {

  /** All weights in fp32 by AdamW, the rows in order, so that both sides learn the same batches. */
  SftConfig config() {
    return SftConfig.builder()
        .runDir(runDir)
        .model(model.toString())
        .packing(packing)
        .maxLength(maxLength)
        .training(
            training ->
                training
                    .batchSize(batchSize)
                    .maxSteps(steps)
                    .computeDtype(ComputeDtype.FP32)
                    .shuffle(false)
                    .saveSteps(0))
        .build();
  }
}
