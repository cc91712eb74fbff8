package org.attune.model.adapter;

/** Which biases of the model are trained with an adapter. */
public enum BiasTraining {
  NONE,
  /** Those of the adapted modules. */
  LORA_ONLY,
  ALL
}
