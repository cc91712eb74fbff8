package org.attune.model.dropout;

import org.attune.tensor.Tensor;

/**
 * Sets a random share p of its input to 0 while training, and divides the others by 1 − p, so that
 * the expectation stays. Outside of training it gives its input back.
 *
 * <p>Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting",
 * section 4, with the scaling of section 10. Gradients flow into what is kept.
 */
public final class Dropout {
  private final NoiseSource source;
  private final int place;
  private final double configured;
  private final boolean isFixed;

  Dropout(NoiseSource source, int place, double configured, boolean isFixed) {
    this.source = source;
    this.place = place;
    this.configured = configured;
    this.isFixed = isFixed;
  }

  /** Drops elements of tokens' rows, {@code [N, C]}. */
  public Tensor of(Tensor rows) {
    Noise noise = source.current();
    double rate = noise == null ? 0 : rate(noise);
    return noise == null || rate == 0
        ? rows
        : dropped(rows, noise.keptOfTokens(place, rate, rows.size(1)), rate);
  }

  /** Drops elements of sequences' rows, {@code [S, C]}. */
  public Tensor ofSequences(Tensor rows) {
    Noise noise = source.current();
    double rate = noise == null ? 0 : rate(noise);
    return noise == null || rate == 0
        ? rows
        : dropped(rows, noise.keptOfSequences(place, rate, rows.size(1)), rate);
  }

  private double rate(Noise noise) {
    return isFixed ? configured : noise.rate(configured);
  }

  private static Tensor dropped(Tensor rows, Tensor kept, double rate) {
    return rows.times(kept).timesInPlace(1 / (1 - rate));
  }
}
