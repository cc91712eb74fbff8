package org.attune.run;

/** The rule by which gradients change weights. */
public enum OptimizerType {
  /** Adam with decoupled weight decay: Loshchilov and Hutter 2019 (arXiv:1711.05101). */
  ADAMW,
  /** Kingma and Ba 2015 (arXiv:1412.6980); weight decay is added to the gradient. */
  ADAM
}
