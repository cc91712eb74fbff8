package org.attune.model.checkpoint;

/** The two 16-bit floating-point types that weights are stored in. */
public final class HalfPrecision {
  private HalfPrecision() {}

  /** The value of an IEEE 754 binary16; the JDK converts it from version 20 on. */
  public static float fromHalf(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    return switch (exponent) {
      case 0 -> Math.copySign(fraction * 0x1p-24f, Float.intBitsToFloat(sign | 0x3f800000));
      case 0x1f -> Float.intBitsToFloat(sign | 0x7f800000 | (fraction << 13));
      default -> Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (fraction << 13));
    };
  }

  /** The nearest IEEE 754 binary16, the even one of two; too large a value becomes infinite. */
  public static short toHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) { // NaN, whose payload is cut, but not to nothing
      int payload = (magnitude >>> 13) & 0x3ff;
      return (short) (sign | 0x7c00 | (payload == 0 ? 1 : payload));
    }
    if (magnitude >= 0x47800000) { // 2^16 and more
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x38800000) { // below 2^-14 the steps are of 2^-24; rint takes the even one
      return (short) (sign | (int) Math.rint(Math.abs(value) * 0x1p24));
    }
    int rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
    return (short) (sign | ((rounded >>> 13) - (112 << 10)));
  }

  /** The value of a bfloat16. */
  public static float fromBfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The nearest bfloat16, the even one of two; a NaN becomes a quiet one. */
  public static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & 0x7fffffff) > 0x7f800000) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
