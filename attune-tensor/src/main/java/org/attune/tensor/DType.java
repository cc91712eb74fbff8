package org.attune.tensor;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** The element type of a tensor. */
public enum DType {
  FLOAT32(ScalarType.Float, 4),
  FLOAT64(ScalarType.Double, 8),
  BFLOAT16(ScalarType.BFloat16, 2),
  INT64(ScalarType.Long, 8),
  UINT8(ScalarType.Byte, 1),
  BOOL(ScalarType.Bool, 1);

  private final ScalarType scalarType;
  private final int bytes;

  DType(ScalarType scalarType, int bytes) {
    this.scalarType = scalarType;
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  ScalarType scalarType() {
    return scalarType;
  }

  static DType of(ScalarType nativeType) {
    ScalarType scalarType = nativeType.intern();
    for (DType type : values()) {
      if (type.scalarType == scalarType) {
        return type;
      }
    }
    throw new TensorException("No Attune name for the native element type " + scalarType + ".");
  }
}
