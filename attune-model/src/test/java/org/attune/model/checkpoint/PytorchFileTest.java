package org.attune.model.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class PytorchFileTest {
  private static final Path GOLDEN = Goldens.open("pytorch-files").tensors().resolveSibling("");

  @TempDir private Path directory;

  @Nested
  final class Files_of_torch_save {
    @ParameterizedTest
    @ValueSource(strings = {"zip.bin", "stream.bin"})
    void hold_the_values_that_torch_saw(String name) {
      try (PytorchFile file = PytorchFile.open(GOLDEN.resolve(name));
          SafetensorsFile golden = SafetensorsFile.open(GOLDEN.resolve("tensors.safetensors"))) {
        assertThat(file.names()).isEqualTo(golden.names()).hasSize(16);
        for (String tensor : golden.names()) {
          assertThat(file.info(tensor).shape()).as(tensor).isEqualTo(golden.info(tensor).shape());
          if (FloatElements.isFloat(file.info(tensor).type())) {
            assertThat(floats(file, tensor)).as(tensor).isEqualTo(floats(golden, tensor));
          }
        }
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip.bin", "stream.bin"})
    void say_the_type_of_each_tensor(String name) {
      try (PytorchFile file = PytorchFile.open(GOLDEN.resolve(name))) {
        assertThat(file.info("float16").type()).isEqualTo(StoredType.F16);
        assertThat(file.info("bfloat16").type()).isEqualTo(StoredType.BF16);
        assertThat(file.info("float64").type()).isEqualTo(StoredType.F64);
        assertThat(file.info("bool").type()).isEqualTo(StoredType.BOOL);
        assertThat(file.data("int64").asLongBuffer().get(4)).isEqualTo(4);
      }
    }

    @Test
    void give_a_part_of_a_tensor() {
      try (PytorchFile file = PytorchFile.open(GOLDEN.resolve("zip.bin"))) {
        FloatBuffer part = FloatBuffer.allocate(2);

        file.readFloats("transposed", 5, part);

        float[] whole = floats(file, "transposed");
        assertThat(part.array()).containsExactly(whole[5], whole[6]);
      }
    }

    @Test
    void cannot_give_scattered_elements_as_bytes() {
      try (PytorchFile file = PytorchFile.open(GOLDEN.resolve("zip.bin"))) {
        assertThatThrownBy(() -> file.data("transposed"))
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining("tensor transposed do not lie one behind another")
            .hasMessageEndingWith("Save tensor.contiguous().");
      }
    }

    @Test
    void that_hold_a_module_are_refused_by_the_name_of_its_class() {
      assertThatThrownBy(() -> PytorchFile.open(GOLDEN.resolve("module.bin")))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("torch.nn.modules.linear.Linear");
    }
  }

  @Nested
  final class Old_names_of_norms {
    @Test
    void become_weight_and_bias() throws IOException {
      Files.copy(GOLDEN.resolve("zip.bin"), directory.resolve("pytorch_model.bin"));

      try (SavedWeights weights = SavedWeights.open(directory)) {
        FloatBuffer bias = FloatBuffer.allocate(2);
        weights.readFloats("encoder.LayerNorm.bias", bias);
        assertThat(bias.array()).containsExactly(3f, 4f);
        assertThat(weights.names()).contains("encoder.LayerNorm.weight");
      }
    }
  }

  @Nested
  final class Bad_files {
    @Test
    void a_call_of_another_function_is_named_and_never_made() throws IOException {
      Path file = zipOf(pickle("cposix\nsystem\n", "X\2\0\0\0id", "\u0085R."));

      assertThatThrownBy(() -> PytorchFile.open(file))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("would call posix.system")
          .hasMessageContaining("convert it to safetensors where you trust it");
    }

    @Test
    void an_unknown_kind_of_storage_is_named() throws IOException {
      Path file =
          zipOf(
              pickle(
                  "}X\1\0\0\0x(X\7\0\0\0storagectorch\nQInt8Storage\nX\1\0\0\0"
                      + "0X\3\0\0\0cpuK\1tQs."));

      assertThatThrownBy(() -> PytorchFile.open(file))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("torch.QInt8Storage, which is none of torch.BFloat16Storage");
    }

    @Test
    void a_tensor_that_reaches_out_of_its_storage_is_refused() throws IOException {
      Path file = zipOf(tensor("0", "K\4", "K\0", "K\5\u0085"));

      assertThatThrownBy(() -> PytorchFile.open(file))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("shape [5] reaches out of storage 0 of 4 elements");
    }

    @Test
    void a_storage_that_is_not_there_is_named_with_its_tensor() throws IOException {
      Path file = zipOf(tensor("0", "K\4", "K\0", "K\4\u0085"));

      assertThatThrownBy(() -> PytorchFile.open(file))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("tensor x needs 4 elements F32 of data/0, but there is no such");
    }

    @Test
    void a_billion_by_a_billion_of_one_element_costs_nothing() throws IOException {
      String billion = "J\0\u00ca\u009a;";
      Path file = zipOf(tensor("7", "K\1", "K\0", billion + billion + "\u0086"));

      try (PytorchFile opened = PytorchFile.open(file)) {
        assertThat(opened.info("x").shape()).containsExactly(1_000_000_000L, 1_000_000_000L);
      }
    }

    @Test
    void a_compressed_entry_is_not_unpacked() throws IOException {
      Path file = directory.resolve("bomb.bin");
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
        zip.putNextEntry(new ZipEntry("archive/data.pkl"));
        zip.write(new byte[10_000_000]);
      }

      assertThatThrownBy(() -> PytorchFile.open(file))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("entry archive/data.pkl is compressed");
    }

    @Test
    void a_zip_without_a_pickle_is_told_by_what_it_has() throws IOException {
      Path file = directory.resolve("other.bin");
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
        store(zip, "../../etc/passwd", new byte[3]);
      }

      assertThatThrownBy(() -> PytorchFile.open(file))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("without data.pkl")
          .hasMessageContaining("../etc/passwd");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 1000, 4000})
    void a_truncated_zip_is_refused(int bytes) throws IOException {
      byte[] whole = Files.readAllBytes(GOLDEN.resolve("zip.bin"));
      Path file = directory.resolve("cut.bin");
      Files.write(file, Arrays.copyOf(whole, bytes));

      assertThatThrownBy(() -> PytorchFile.open(file))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(file.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 50, 500, 1500, 2400})
    void a_truncated_stream_is_refused(int bytes) throws IOException {
      byte[] whole = Files.readAllBytes(GOLDEN.resolve("stream.bin"));
      assertThat(whole).hasSizeGreaterThan(2400);
      Path file = directory.resolve("cut.bin");
      Files.write(file, Arrays.copyOf(whole, bytes));

      assertThatThrownBy(() -> PytorchFile.open(file))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(file.toString());
    }

    @Test
    void a_pickle_of_something_else_is_refused() throws IOException {
      Path file = directory.resolve("other.bin");
      Files.write(file, pickle("]."));

      assertThatThrownBy(() -> PytorchFile.open(file))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("none of torch.save");
    }

    private String[] tensor(String key, String elements, String first, String shape) {
      String strides = shape.endsWith("\u0086") ? "K\0K\0\u0086" : "K\1\u0085";
      return new String[] {
        "}X\1\0\0\0xctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\nFloatStorage\n",
        "X\1\0\0\0" + key + "X\3\0\0\0cpu" + elements + "tQ" + first + shape + strides,
        "\u0089}tRs."
      };
    }

    private Path zipOf(String... program) throws IOException {
      return zipOf(pickle(program));
    }

    private Path zipOf(byte[] pickle) throws IOException {
      Path file = directory.resolve("bad.bin");
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
        store(zip, "archive/data.pkl", pickle);
        store(zip, "archive/data/7", new byte[Float.BYTES]);
      }
      return file;
    }

    private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
      ZipEntry entry = new ZipEntry(name);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(bytes.length);
      CRC32 sum = new CRC32();
      sum.update(bytes);
      entry.setCrc(sum.getValue());
      zip.putNextEntry(entry);
      zip.write(bytes);
    }
  }

  private static byte[] pickle(String... parts) {
    return ("\u0080\2" + String.join("", parts)).getBytes(ISO_8859_1);
  }

  private static float[] floats(WeightFile file, String name) {
    FloatBuffer elements = FloatBuffer.allocate((int) file.info(name).elements());
    file.readFloats(name, 0, elements);
    return elements.array();
  }
}
