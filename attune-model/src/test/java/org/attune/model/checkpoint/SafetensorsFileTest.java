package org.attune.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class SafetensorsFileTest {
  @TempDir private Path directory;

  @Nested
  final class A_trained_model {
    @Test
    void lists_its_tensors_with_type_and_shape() {
      try (SafetensorsFile file = open(Bundled.stories260k().resolve("model.safetensors"))) {
        assertThat(file.names()).hasSize(47).contains("model.embed_tokens.weight");
        assertThat(file.info("model.embed_tokens.weight"))
            .isEqualTo(new TensorInfo(StoredType.F32, List.of(512L, 64L)));
        assertThat(file.metadata()).containsEntry("format", "pt");
      }
    }

    @Test
    void gives_its_elements() {
      try (SafetensorsFile file = open(Bundled.stories260k().resolve("model.safetensors"))) {
        FloatBuffer elements = FloatBuffer.allocate(512 * 64);

        file.readFloats("model.embed_tokens.weight", elements);

        FloatBuffer stored = file.data("model.embed_tokens.weight").asFloatBuffer();
        assertThat(elements.flip()).isEqualTo(stored);
      }
    }
  }

  @Nested
  final class Elements {
    @Test
    void of_half_precision_become_floats() throws IOException {
      Path path =
          file(
              """
              {"x":{"dtype":"F16","shape":[8],"data_offsets":[0,16]}}""",
              bytes(16)
                  .putShort((short) 0x3c00)
                  .putShort((short) 0xc000)
                  .putShort((short) 0x7bff)
                  .putShort((short) 0x0001)
                  .putShort((short) 0x8000)
                  .putShort((short) 0x7c00)
                  .putShort((short) 0xfc00)
                  .putShort((short) 0x7e00));

      assertThat(floats(path, 8))
          .containsExactly(
              1f,
              -2f,
              65504f,
              0x1p-24f,
              -0f,
              Float.POSITIVE_INFINITY,
              Float.NEGATIVE_INFINITY,
              Float.NaN);
    }

    @Test
    void of_bfloat16_become_floats() throws IOException {
      Path path =
          file(
              """
              {"x":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}""",
              bytes(4).putShort((short) 0x3f80).putShort((short) 0xc0a0));

      assertThat(floats(path, 2)).containsExactly(1f, -5f);
    }

    @Test
    void of_doubles_become_floats() throws IOException {
      Path path =
          file(
              """
              {"x":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}""",
              bytes(16).putDouble(0.1).putDouble(-1e300));

      assertThat(floats(path, 2)).containsExactly(0.1f, Float.NEGATIVE_INFINITY);
    }

    @Test
    void of_whole_numbers_are_no_weights() throws IOException {
      Path path =
          file(
              """
              {"x":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""",
              bytes(8));

      assertThatThrownBy(() -> floats(path, 1))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("tensor x is I64", "F32, F16, BF16 or F64");
    }

    @Test
    void of_a_scalar_and_of_an_empty_tensor_are_one_and_none() throws IOException {
      Path path =
          file(
              """
              {"e":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]},\
              "x":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""",
              bytes(4).putFloat(7));

      assertThat(floats(path, 1)).containsExactly(7f);
      try (SafetensorsFile file = open(path)) {
        assertThat(file.data("e").remaining()).isZero();
      }
    }

    @Test
    void need_a_target_of_their_number() throws IOException {
      Path path =
          file(
              """
              {"x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""",
              bytes(8));

      assertThatThrownBy(() -> floats(path, 3))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("tensor x", "2 elements [1, 2]", "3 are expected");
    }

    @Test
    void beyond_two_gigabytes_come_in_chunks() throws IOException {
      long length = 3_000_000_000L;
      Path path =
          file(
              """
              {"big":{"dtype":"U8","shape":[3000000000],"data_offsets":[0,3000000000]},\
              "x":{"dtype":"F32","shape":[1],"data_offsets":[3000000000,3000000004]}}""",
              bytes(0));
      try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
        sparse.setLength(sparse.length() + length);
        sparse.seek(sparse.length());
        sparse.write(bytes(4).putFloat(7).array());
      }

      try (SafetensorsFile file = open(path)) {
        AtomicLong bytes = new AtomicLong();
        file.forEachChunk("big", chunk -> bytes.addAndGet(chunk.remaining()));

        assertThat(bytes).hasValue(length);
        assertThat(file.data("x").getFloat()).isEqualTo(7f);
        assertThatThrownBy(() -> file.data("big"))
            .isInstanceOf(CheckpointException.class)
            .hasMessageContainingAll("tensor big", "3000000000", "in chunks");
      }
    }
  }

  @Nested
  final class A_damaged_file {
    private static final String ONE_FLOAT =
        """
        {"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";

    @Test
    void may_be_missing() {
      assertThatThrownBy(() -> open(directory.resolve("absent.safetensors")))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("absent.safetensors does not exist", "Copy it");
    }

    @Test
    void may_be_empty_or_shorter_than_its_length_field() throws IOException {
      Path path = directory.resolve("model.safetensors");
      Files.write(path, new byte[0]);
      assertRefused(path, "it is empty");

      Files.write(path, new byte[7]);
      assertRefused(path, "only 7 bytes");
    }

    @Test
    void may_end_anywhere() throws IOException {
      byte[] whole = Files.readAllBytes(file(ONE_FLOAT, bytes(4)));
      Path path = directory.resolve("torn.safetensors");

      for (int length = 0; length < whole.length; length++) {
        Files.write(path, Arrays.copyOf(whole, length));
        assertRefused(path, "no complete safetensors file");
      }
    }

    @Test
    void may_lack_the_end_of_its_data() throws IOException {
      assertRefused(
          file(ONE_FLOAT, bytes(3)), "describes " + (8 + ONE_FLOAT.length() + 4), "truncated");
    }

    @Test
    void may_have_bytes_after_its_data() throws IOException {
      assertRefused(file(ONE_FLOAT, bytes(5)), "something follows");
    }

    @Test
    void may_claim_an_impossible_header() throws IOException {
      Path path = directory.resolve("model.safetensors");
      Files.write(path, bytes(16).putLong(-1).array());
      assertRefused(path, "18446744073709551615", "100000000");

      Files.write(path, bytes(16).putLong(100_000_001).array());
      assertRefused(path, "100000001", "100000000");
    }

    @Test
    void may_name_a_tensor_twice() throws IOException {
      assertRefused(
          file(
              """
              {"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},\
              "x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""",
              bytes(0)),
          "Duplicate",
          "'x'");
    }

    @Test
    void may_name_more_tensors_than_any_model_has() throws IOException {
      StringBuilder header = new StringBuilder("{");
      for (int i = 0; i <= 1_000_000; i++) {
        header
            .append('"')
            .append(i)
            .append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},");
      }
      header.setCharAt(header.length() - 1, '}');

      assertRefused(file(header.toString(), bytes(0)), "more than 1,000,000");
    }

    @Test
    void may_have_an_unknown_type() throws IOException {
      assertRefused(
          file(
              """
              {"x":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""",
              bytes(4)),
          "tensor x",
          "F31",
          "BF16");
    }

    @Test
    void may_have_an_impossible_shape() throws IOException {
      for (String shape : List.of("[-1]", "[0.5]", "[4611686018427387904,4]", "[\"1\"]")) {
        assertRefused(
            file(
                """
                {"x":{"dtype":"F32","shape":%s,"data_offsets":[0,4]}}"""
                    .formatted(shape),
                bytes(4)),
            "tensor x",
            shape);
      }
    }

    @Test
    void may_have_a_shape_that_does_not_fit_its_bytes() throws IOException {
      assertRefused(
          file(
              """
              {"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""",
              bytes(4)),
          "tensor x",
          "[0,4]",
          "takes 8");
    }

    @Test
    void may_have_gaps_or_overlaps() throws IOException {
      assertRefused(
          file(
              """
              {"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""",
              bytes(2)),
          "tensor x begins at byte 1",
          "ends at 0");
      assertRefused(
          file(
              """
              {"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},\
              "y":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""",
              bytes(3)),
          "tensor y begins at byte 1",
          "ends at 2");
    }

    @Test
    void may_have_offsets_that_are_none() throws IOException {
      for (String offsets : List.of("[]", "[0]", "null", "[-4,0]", "[0,99999999999999999999]")) {
        assertRefused(
            file(
                """
                {"x":{"dtype":"F32","shape":[1],"data_offsets":%s}}"""
                    .formatted(offsets),
                bytes(4)),
            "tensor x",
            "data_offsets");
      }
    }

    private static void assertRefused(Path path, String... parts) {
      assertThatThrownBy(() -> open(path).close())
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(path.toString())
          .hasMessageContaining("Copy or write the file again")
          .hasMessageContainingAll(parts);
    }
  }

  @Test
  void an_unknown_tensor_is_named_with_those_that_exist() {
    try (SafetensorsFile file = open(Bundled.stories260k().resolve("model.safetensors"))) {
      assertThatThrownBy(() -> file.info("lm_head.weight"))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll(
              "no tensor lm_head.weight", "model.embed_tokens.weight", "37 more");
    }
  }

  private static SafetensorsFile open(Path path) {
    return SafetensorsFile.open(path);
  }

  private static float[] floats(Path path, int count) {
    try (SafetensorsFile file = open(path)) {
      float[] elements = new float[count];
      file.readFloats("x", FloatBuffer.wrap(elements));
      return elements;
    }
  }

  private Path file(String header, ByteBuffer data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    Path path = directory.resolve("model.safetensors");
    Files.write(
        path,
        bytes(8 + json.length + data.capacity())
            .putLong(json.length)
            .put(json)
            .put(data.clear())
            .array());
    return path;
  }

  private static ByteBuffer bytes(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
