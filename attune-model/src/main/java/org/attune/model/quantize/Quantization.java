package org.attune.model.quantize;

import org.attune.tensor.Tensor;

/** How the frozen matrices of a model are stored while an adapter is trained. */
public enum Quantization {
  /** Four bits in blocks of 64 with doubly quantized scales: {@link Nf4Matrix}. */
  NF4 {
    @Override
    public QuantizedMatrix of(Tensor matrix) {
      return Nf4Matrix.of(matrix);
    }
  },
  /** Eight bits with one scale for each output row: {@link Int8Matrix}. */
  INT8 {
    @Override
    public QuantizedMatrix of(Tensor matrix) {
      return Int8Matrix.of(matrix);
    }
  };

  /** Quantizes a contiguous float32 matrix {@code [out, in]}. */
  public abstract QuantizedMatrix of(Tensor matrix);
}
