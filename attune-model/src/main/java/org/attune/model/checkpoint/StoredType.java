package org.attune.model.checkpoint;

/** The element types of the safetensors format, named as in its headers. */
public enum StoredType {
  F64(8),
  I64(8),
  U64(8),
  F32(4),
  I32(4),
  U32(4),
  BF16(2),
  F16(2),
  I16(2),
  U16(2),
  F8_E4M3(1),
  F8_E5M2(1),
  I8(1),
  U8(1),
  BOOL(1);

  private final int bytes;

  StoredType(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one element. */
  public int bytes() {
    return bytes;
  }
}
