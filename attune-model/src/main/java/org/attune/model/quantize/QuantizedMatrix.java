package org.attune.model.quantize;

import org.attune.tensor.Tensor;

/** A frozen matrix {@code [out, in]} in fewer bits. */
public interface QuantizedMatrix extends AutoCloseable {
  /** Its values as far as the bits tell them, float32 {@code [out, in]}, in the current scope. */
  Tensor dequantized();

  /** The memory it takes. */
  long bytes();

  @Override
  void close();
}
