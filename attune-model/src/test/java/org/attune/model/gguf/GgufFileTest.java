package org.attune.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class GgufFileTest {
  private static final Goldens GOLDENS = Goldens.open("gguf-blocks");
  private static final Path FILE = GOLDENS.tensors().resolveSibling("blocks.gguf");

  @ParameterizedTest
  @EnumSource
  void gives_the_numbers_of_the_reference_bit_for_bit(GgufType type) {
    try (GgufFile file = GgufFile.open(FILE);
        SafetensorsFile reference = SafetensorsFile.open(GOLDENS.tensors())) {
      GgufTensor tensor = file.tensor(type.name());

      float[] numbers = numbers(file, tensor);

      assertThat(tensor.type()).isEqualTo(type);
      FloatBuffer expected = FloatBuffer.allocate(numbers.length);
      reference.readFloats(type.name(), expected);
      Tolerance.EXACT.check(type.name(), numbers, expected.array());
    }
  }

  @Test
  void gives_the_typed_values_of_its_head() {
    try (GgufFile file = GgufFile.open(FILE)) {
      assertThat(file.metadata())
          .containsEntry("general.architecture", "llama")
          .containsEntry("test.u8", 200L)
          .containsEntry("test.i8", -100L)
          .containsEntry("test.u16", 60_000L)
          .containsEntry("test.i16", -30_000L)
          .containsEntry("test.u32", 4_000_000_000L)
          .containsEntry("test.i32", -2_000_000_000L)
          .containsEntry("test.u64", (1L << 53) + 1)
          .containsEntry("test.i64", -(1L << 53) - 1)
          .containsEntry("test.f64", 0.1)
          .containsEntry("test.bool", true)
          .containsEntry("test.string", "grüß dich 😀")
          .containsEntry("test.strings", List.of("a", "", "ĠĊ"))
          .containsEntry("test.numbers", List.of(0.5, -2.0));
    }
  }

  @Test
  void gives_a_float_as_the_decimal_that_it_was() {
    try (GgufFile file = GgufFile.open(FILE)) {
      assertThat(file.metadata()).containsEntry("test.f32", 1e-5);
    }
  }

  @Test
  void gives_shapes_with_the_length_of_a_row_last() {
    try (GgufFile file = GgufFile.open(FILE)) {
      assertThat(file.tensor("Q6_K").shape()).containsExactly(6L, 512L);
    }
  }

  @Test
  void reads_the_rows_that_are_asked_for() {
    try (GgufFile file = GgufFile.open(FILE)) {
      GgufTensor tensor = file.tensor("Q4_K");
      float[] all = numbers(file, tensor);
      float[] some = new float[512];

      file.readRows(
          tensor, 4, 1, (row, values) -> System.arraycopy(values, 0, some, 0, values.length));

      assertThat(some).containsExactly(Arrays.copyOfRange(all, 4 * 512, 5 * 512));
    }
  }

  private static float[] numbers(GgufFile file, GgufTensor tensor) {
    float[] numbers = new float[(int) tensor.elements()];
    file.readRows(
        tensor,
        0,
        tensor.rows(),
        (row, values) -> System.arraycopy(values, 0, numbers, (int) row * 512, values.length));
    return numbers;
  }
}
