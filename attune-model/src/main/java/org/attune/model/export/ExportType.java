package org.attune.model.export;

import java.util.Locale;
import java.util.Optional;
import org.attune.model.checkpoint.StoredType;
import org.attune.model.gguf.GgufType;
import org.jspecify.annotations.Nullable;

/**
 * The type that a model's matrices are exported in, with how far the exported model may be from its
 * source.
 */
public enum ExportType {
  F32(StoredType.F32, GgufType.F32, 1e-4, 0.002),
  F16(StoredType.F16, GgufType.F16, 0.01, 0.2),
  BF16(StoredType.BF16, GgufType.BF16, 0.05, 1),
  Q8_0(null, GgufType.Q8_0, 0.05, 1),
  Q4_0(null, GgufType.Q4_0, 1, 10);

  private final @Nullable StoredType stored;
  private final GgufType gguf;
  private final double meanThreshold;
  private final double maxThreshold;

  ExportType(
      @Nullable StoredType stored, GgufType gguf, double meanThreshold, double maxThreshold) {
    this.stored = stored;
    this.gguf = gguf;
    this.meanThreshold = meanThreshold;
    this.maxThreshold = maxThreshold;
  }

  /** The type in safetensors files; none for the types that only GGUF files have. */
  Optional<StoredType> stored() {
    return Optional.ofNullable(stored);
  }

  GgufType gguf() {
    return gguf;
  }

  /** The largest allowed mean of |Δ log p| over all tokens. */
  public double meanThreshold() {
    return meanThreshold;
  }

  /** The largest allowed |Δ log p| of any token. */
  public double maxThreshold() {
    return maxThreshold;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
