package org.attune.run;

/** Which biases of the model are trained with an adapter. */
public enum AdapterBias {
  NONE,
  /** Those of the adapted modules. */
  LORA_ONLY,
  ALL
}
