package org.attune.model.dropout;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The noise of the pass that a replica is in; none outside of training. It belongs to one thread at
 * a time, as a replica that trains does.
 */
public final class NoiseSource {
  private @Nullable Noise current;
  private int places;

  /** A further place where a model drops, with the rate that its configuration says. */
  public Dropout ofModel(double configured) {
    return new Dropout(this, places++, configured, false);
  }

  /** A further place where an adapter drops. */
  public Dropout ofAdapter(double rate) {
    return new Dropout(this, places++, rate, true);
  }

  /** Computes {@code pass} with the given noise; null drops nothing. */
  public <T> T during(@Nullable Noise noise, Supplier<T> pass) {
    if (noise == null) {
      return pass.get(); // replicas without noise may be shared between threads
    }
    Noise around = current;
    current = noise;
    try {
      return pass.get();
    } finally {
      current = around;
    }
  }

  @Nullable Noise current() {
    return current;
  }
}
