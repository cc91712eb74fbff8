package org.attune.run.ppo;

/** How the weight of the KL penalty behaves over a run. */
public enum KlControl {
  /** Moves towards the KL {@code target}: Ziegler et al. 2019 (arXiv:1909.08593), section 2.2. */
  ADAPTIVE,
  FIXED
}
