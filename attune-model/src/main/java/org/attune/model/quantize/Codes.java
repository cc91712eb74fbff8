package org.attune.model.quantize;

import java.nio.ByteBuffer;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;

/** Bytes in native memory. */
final class Codes implements AutoCloseable {
  private final TensorScope owner = TensorScope.owner();
  private final Tensor bytes;

  Codes(byte[] values) {
    bytes = TensorScope.with(() -> owner.adopt(Tensor.empty(DType.UINT8, values.length)));
    if (values.length > 0) {
      bytes.bytes().put(values);
    }
  }

  /** All of them; valid until {@link #close}. */
  ByteBuffer buffer() {
    return bytes.bytes();
  }

  long count() {
    return bytes.count();
  }

  @Override
  public void close() {
    owner.close();
  }
}
