package org.attune.train.ppo;

import org.attune.run.ppo.KlControl;
import org.attune.run.ppo.PpoConfig;

/**
 * The weight β of the KL penalty over the course of training.
 *
 * <p>Adaptive control multiplies it after each batch of n responses by 1 + clip(KL / target − 1,
 * ±0.2) · n / horizon. Ziegler et al. 2019 (arXiv:1909.08593), section 2.2. Fixed control leaves it
 * alone.
 */
public final class KlController {
  private static final double LARGEST_ERROR = 0.2;

  private final KlControl control;
  private final double target;
  private final double horizon;
  private double coefficient;

  /** Starts at {@code coefficient}: the configured one, or a checkpoint's. */
  public KlController(PpoConfig config, double coefficient) {
    control = config.klControl();
    target = config.target();
    horizon = config.horizon();
    this.coefficient = coefficient;
  }

  /** β. */
  public double coefficient() {
    return coefficient;
  }

  /**
   * Corrects the coefficient.
   *
   * @param kl mean over responses of the sum of their tokens' KL, in nats
   * @param responses n
   */
  public void update(double kl, int responses) {
    if (control == KlControl.ADAPTIVE) {
      double error = Math.max(-LARGEST_ERROR, Math.min(LARGEST_ERROR, kl / target - 1));
      coefficient *= 1 + error * responses / horizon;
    }
  }
}
