package org.attune.train.reward;

import org.attune.tensor.Tensor;

/**
 * How badly scores explain which of two texts people chose.
 *
 * <p>−log σ(r⁺ − r⁻ − margin), plus c (r⁺ + r⁻)² where centring is asked for. Bradley and Terry
 * 1952; Ouyang et al. 2022 (arXiv:2203.02155), equation 1; margin from Touvron et al. 2023
 * (arXiv:2307.09288), equation 2; centring from Eisenstein et al. 2023 (arXiv:2312.09244).
 *
 * @param centering c, or 0 for none; 0.01 is usual
 */
record BradleyTerryLoss(double centering) {
  /**
   * The sum over pairs.
   *
   * @param chosen r⁺, {@code [B]}; gradients flow
   * @param rejected r⁻, {@code [B]}; gradients flow
   * @param margins how much better the chosen text was judged, {@code [B]}; no gradient
   */
  Tensor sum(Tensor chosen, Tensor rejected, Tensor margins) {
    Tensor loss = chosen.minus(rejected).minus(margins).logSigmoid().negated().sum();
    return centering == 0
        ? loss
        : loss.plus(chosen.plus(rejected).squared().sum().times(centering));
  }
}
