package org.attune.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class GgufWriterTest {
  private static final Goldens GOLDENS = Goldens.open("gguf-quantized");
  private static final int COLUMNS = 512;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0"})
  void quantizes_to_the_bytes_of_the_reference(GgufType type) throws IOException {
    float[] values = values();
    Path written = folder.resolve("written.gguf");

    new GgufWriter()
        .tensor(
            type.name(),
            type,
            List.of((long) values.length / COLUMNS, (long) COLUMNS),
            (row, target) ->
                System.arraycopy(values, (int) row * COLUMNS, target, 0, target.length))
        .write(written);

    Path reference = GOLDENS.tensors().resolveSibling("quantized.gguf");
    assertThat(bytes(written, type.name())).isEqualTo(bytes(reference, type.name()));
  }

  @ParameterizedTest
  @EnumSource(
      names = {"F32", "F16", "BF16", "Q8_0", "Q4_0"},
      mode = Mode.EXCLUDE)
  void refuses_types_that_are_only_read(GgufType type) {
    assertThatThrownBy(
            () -> new GgufWriter().tensor("x", type, List.of(1L, 256L), (row, target) -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Tensor x", type.name());
  }

  @Test
  void refuses_rows_that_do_not_fill_their_blocks() {
    assertThatThrownBy(
            () ->
                new GgufWriter().tensor("x", GgufType.Q8_0, List.of(1L, 33L), (row, target) -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Tensor x", "rows of 33 numbers", "Q8_0");
  }

  @Test
  void gives_back_the_values_that_it_was_given() {
    Path file = folder.resolve("values.gguf");

    new GgufWriter()
        .text("general.architecture", "llama")
        .count("a.count", 7)
        .number("a.number", 1e-5)
        .flag("a.flag", true)
        .texts("some.texts", List.of("", "Ġ", "grüß"))
        .counts("some.counts", new int[] {-1, 2})
        .numbers("some.numbers", new float[] {0.1f})
        .write(file);

    try (GgufFile read = GgufFile.open(file)) {
      assertThat(read.metadata())
          .containsEntry("general.architecture", "llama")
          .containsEntry("a.count", 7L)
          .containsEntry("a.number", 1e-5)
          .containsEntry("a.flag", true)
          .containsEntry("some.texts", List.of("", "Ġ", "grüß"))
          .containsEntry("some.counts", List.of(-1L, 2L))
          .containsEntry("some.numbers", List.of(0.1));
    }
  }

  @Test
  void leaves_nothing_behind_where_it_fails() throws IOException {
    GgufWriter failing =
        new GgufWriter()
            .tensor(
                "x",
                GgufType.F32,
                List.of(2L, 8L),
                (row, target) -> {
                  throw new IllegalStateException("no more rows");
                });

    assertThatThrownBy(() -> failing.write(folder.resolve("x.gguf")))
        .isInstanceOf(IllegalStateException.class);

    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void says_which_folder_is_missing() {
    Path file = folder.resolve("absent").resolve("x.gguf");

    assertThatThrownBy(() -> new GgufWriter().write(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(file.toString());
  }

  private static float[] values() {
    try (SafetensorsFile reference = SafetensorsFile.open(GOLDENS.tensors())) {
      FloatBuffer values = FloatBuffer.allocate((int) reference.info("values").elements());
      reference.readFloats("values", values);
      return values.array();
    }
  }

  private static byte[] bytes(Path path, String name) throws IOException {
    try (GgufFile file = GgufFile.open(path)) {
      GgufTensor tensor = file.tensor(name);
      return Arrays.copyOfRange(
          Files.readAllBytes(path), (int) tensor.position(), (int) tensor.end());
    }
  }
}
