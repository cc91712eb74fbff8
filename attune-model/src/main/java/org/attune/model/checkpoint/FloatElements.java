package org.attune.model.checkpoint;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Elements of the floating-point types as Java's floats, and back. */
public final class FloatElements {
  private static final int EXPONENT_BIAS = 112; // of float over that of binary16

  private FloatElements() {}

  /** Whether weights can be of that type. */
  static boolean isFloat(StoredType type) {
    return switch (type) {
      case F64, F32, BF16, F16 -> true;
      default -> false;
    };
  }

  /** Puts all little-endian elements of {@code source} into {@code target}. */
  static void put(StoredType type, ByteBuffer source, FloatBuffer target) {
    switch (type) {
      case F32 -> target.put(source.asFloatBuffer());
      case F64 -> {
        while (source.hasRemaining()) {
          target.put((float) source.getDouble());
        }
      }
      case BF16 -> {
        for (ShortBuffer bits = source.asShortBuffer(); bits.hasRemaining(); ) {
          target.put(fromBrainFloat(bits.get()));
        }
      }
      case F16 -> {
        for (ShortBuffer bits = source.asShortBuffer(); bits.hasRemaining(); ) {
          target.put(fromHalf(bits.get()));
        }
      }
      default -> throw new IllegalArgumentException(type + " is no type of weights");
    }
  }

  /** IEEE 754 binary16; the JDK converts it from version 20 on. */
  public static float fromHalf(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    return switch (exponent) {
      case 0 -> Math.copySign(fraction * 0x1p-24f, Float.intBitsToFloat(sign | 0x3f800000));
      case 0x1f -> Float.intBitsToFloat(sign | 0x7f800000 | (fraction << 13));
      default -> Float.intBitsToFloat(sign | ((exponent + EXPONENT_BIAS) << 23) | (fraction << 13));
    };
  }

  /** The nearest binary16, ties to even; infinite from 65520 on. */
  public static short toHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude < 0x1p-14f) {
      // below the normal numbers, steps are of 2^-24; rint rounds ties to even
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
    }
    if (magnitude >= 65520f) {
      return (short) (sign | 0x7c00);
    }
    int rounded = (bits & 0x7fffffff) + 0xfff + ((bits >>> 13) & 1);
    return (short) (sign | ((rounded >>> 13) - (EXPONENT_BIAS << 10)));
  }

  /** The value of a bfloat16. */
  public static float fromBrainFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The nearest bfloat16, ties to even. */
  public static short toBrainFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
