package org.attune.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class FloatElementsTest {
  @Test
  void every_half_survives_a_way_through_float() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float value = read(StoredType.F16, (short) bits);
      if (!Float.isNaN(value)) {
        assertThat(FloatElements.toHalf(value)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void every_bfloat16_survives_a_way_through_float() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float value = read(StoredType.BF16, (short) bits);
      if (!Float.isNaN(value)) {
        assertThat(FloatElements.toBrainFloat(value)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void halves_round_to_the_nearest_and_ties_to_even() {
    assertThat(FloatElements.toHalf(1 + 0x1p-11f)).isEqualTo((short) 0x3c00);
    assertThat(FloatElements.toHalf(1 + 0x1.8p-10f)).isEqualTo((short) 0x3c02);
    assertThat(FloatElements.toHalf(1 + 0x1.002p-11f)).isEqualTo((short) 0x3c01);
    assertThat(FloatElements.toHalf(0x1p-25f)).isEqualTo((short) 0);
    assertThat(FloatElements.toHalf(0x1.8p-24f)).isEqualTo((short) 2);
    assertThat(FloatElements.toHalf(65519.99f)).isEqualTo((short) 0x7bff);
    assertThat(FloatElements.toHalf(65520f)).isEqualTo((short) 0x7c00);
    assertThat(FloatElements.toHalf(-1e9f)).isEqualTo((short) 0xfc00);
  }

  @Test
  void bfloat16_rounds_to_the_nearest_and_ties_to_even() {
    assertThat(FloatElements.toBrainFloat(1 + 0x1p-8f)).isEqualTo((short) 0x3f80);
    assertThat(FloatElements.toBrainFloat(1 + 0x1.8p-7f)).isEqualTo((short) 0x3f82);
    assertThat(FloatElements.toBrainFloat(1 + 0x1.01p-8f)).isEqualTo((short) 0x3f81);
  }

  @Test
  void not_a_number_stays_one() {
    assertThat(read(StoredType.F16, FloatElements.toHalf(Float.NaN))).isNaN();
    float signalling = Float.intBitsToFloat(0x7f800001);
    assertThat(read(StoredType.BF16, FloatElements.toBrainFloat(signalling))).isNaN();
  }

  private static float read(StoredType type, short bits) {
    FloatBuffer target = FloatBuffer.allocate(1);
    ByteBuffer source = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(bits);
    FloatElements.put(type, source.flip(), target);
    return target.get(0);
  }
}
