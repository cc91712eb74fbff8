package org.attune.run;

/** The number format of the linear layers in training's forward and backward passes. */
public enum ComputeDtype {
  /** bf16 where the machine computes it natively, else fp32; a resumed run keeps its choice. */
  AUTO,
  FP32,
  BF16
}
