package org.attune.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class SafetensorsWriterTest {
  @TempDir private Path directory;

  @Nested
  final class A_written_file {
    @Test
    void gives_the_same_tensors_back() {
      Path copy = directory.resolve("model.safetensors");
      try (SafetensorsFile original =
          SafetensorsFile.open(Bundled.stories260k().resolve("model.safetensors"))) {
        writerOf(original).writeFile(copy);

        try (SafetensorsFile written = SafetensorsFile.open(copy)) {
          assertThat(written.names()).hasSameElementsAs(original.names());
          for (String name : original.names()) {
            assertThat(written.info(name)).isEqualTo(original.info(name));
            assertThat(written.data(name)).isEqualTo(original.data(name));
          }
        }
      }
    }

    @Test
    void names_its_framework_and_aligns_its_data() throws IOException {
      Path path = directory.resolve("model.safetensors");
      new SafetensorsWriter().addFloats("é", List.of(1L), () -> floats(1)).writeFile(path);

      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));

      long headerBytes = Long.reverseBytes(bytes.getLong());
      assertThat(headerBytes % 8).isZero();
      assertThat(bytes.remaining()).isEqualTo((int) headerBytes + Float.BYTES);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
        assertThat(file.data("é").getFloat()).isEqualTo(1f);
      }
    }

    @Test
    void puts_wide_elements_first_as_the_reference_does() {
      Path path = directory.resolve("model.safetensors");
      new SafetensorsWriter()
          .add("a", new TensorInfo(StoredType.U8, List.of(1L)), c -> c.accept(zeros(1)))
          .addFloats("c", List.of(1L), () -> floats(1))
          .addFloats("b", List.of(1L), () -> floats(1))
          .add("d", new TensorInfo(StoredType.I64, List.of()), c -> c.accept(zeros(8)))
          .writeFile(path);

      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertThat(file.names()).containsExactly("d", "b", "c", "a");
      }
    }

    @Test
    void may_hold_a_tensor_larger_than_the_conversion_buffer() {
      Path path = directory.resolve("model.safetensors");
      float[] elements = new float[700_001];
      elements[700_000] = 7;
      new SafetensorsWriter()
          .addFloats("x", List.of(700_001L), () -> FloatBuffer.wrap(elements))
          .writeFile(path);

      float[] read = new float[700_001];
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        file.readFloats("x", FloatBuffer.wrap(read));
      }

      assertThat(read).isEqualTo(elements);
    }

    @Test
    void may_hold_no_tensor() {
      Path path = directory.resolve("model.safetensors");
      new SafetensorsWriter().writeFile(path);

      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertThat(file.names()).isEmpty();
      }
    }
  }

  @Nested
  final class A_failed_write {
    @Test
    void leaves_the_old_file_and_nothing_else() throws IOException {
      Path path = directory.resolve("model.safetensors");
      Files.writeString(path, "old");
      SafetensorsWriter writer =
          new SafetensorsWriter().addFloats("x", List.of(2L), () -> floats(1, 2, 3));

      assertThatThrownBy(() -> writer.writeFile(path))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll(
              path.toString(), "tensor x gave 12 bytes", "F32 [2] takes 8", "left as it was");
      assertThat(path).hasContent("old");
      assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void names_a_folder_that_does_not_exist() {
      Path path = directory.resolve("absent/model.safetensors");

      assertThatThrownBy(() -> new SafetensorsWriter().writeFile(path))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll(path + " cannot be written", "NoSuchFile", "must exist");
    }
  }

  @Test
  void a_name_is_used_once() {
    SafetensorsWriter writer = new SafetensorsWriter().addFloats("x", List.of(), () -> floats(1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.addFloats("x", List.of(), () -> floats(1)))
        .withMessageContaining("x");
  }

  @Nested
  final class Shards {
    @Test
    void are_written_with_an_index_when_one_file_would_be_too_large() throws IOException {
      threeTensors().writeDirectory(directory, 10);

      assertThat(directory)
          .isDirectoryContaining("glob:**model-00001-of-00002.safetensors")
          .isDirectoryContaining("glob:**model-00002-of-00002.safetensors")
          .isDirectoryNotContaining("glob:**model.safetensors");
      assertThat(
              new JsonMapper()
                  .readTree(directory.resolve("model.safetensors.index.json").toFile())
                  .toString())
          .isEqualTo(
              """
              {"metadata":{"total_size":20},"weight_map":{\
              "a":"model-00001-of-00002.safetensors",\
              "b":"model-00001-of-00002.safetensors",\
              "c":"model-00002-of-00002.safetensors"}}""");
    }

    @Test
    void read_like_one_file() {
      threeTensors().writeDirectory(directory, 10);

      try (SavedWeights weights = SavedWeights.open(directory)) {
        float[] elements = new float[3];
        weights.readFloats("c", FloatBuffer.wrap(elements));

        assertThat(weights.names()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(elements).containsExactly(3, 4, 5);
        assertThat(weights.data("b").getFloat()).isEqualTo(2f);
      }
    }

    @Test
    void are_not_used_for_a_small_model() {
      threeTensors().writeDirectory(directory);

      assertThat(directory).isDirectoryContaining("glob:**model.safetensors");
      assertThat(directory.resolve("model.safetensors.index.json")).doesNotExist();
    }

    @Test
    void that_are_missing_are_all_named() throws IOException {
      threeTensors().writeDirectory(directory, 1);
      Files.delete(directory.resolve("model-00001-of-00003.safetensors"));
      Files.delete(directory.resolve("model-00003-of-00003.safetensors"));

      assertThatThrownBy(() -> SavedWeights.open(directory))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll(
              "model.safetensors.index.json",
              "3 files",
              "2 are not there",
              "model-00001-of-00003.safetensors, model-00003-of-00003.safetensors",
              "Copy them again");
    }

    @Test
    void must_hold_what_the_index_says() throws IOException {
      threeTensors().writeDirectory(directory, 10);
      Path index = directory.resolve("model.safetensors.index.json");
      Files.writeString(index, Files.readString(index).replace("\"b\"", "\"z\""));

      assertThatThrownBy(() -> SavedWeights.open(directory))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("1 tensors", "z in model-00001-of-00002.safetensors");
    }

    @Test
    void lie_in_the_directory_of_their_index() throws IOException {
      Files.writeString(
          directory.resolve("model.safetensors.index.json"),
          """
          {"weight_map": {"x": "../secret.safetensors"}}""");

      assertThatThrownBy(() -> SavedWeights.open(directory))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("weight_map.x", "../secret", "same directory");
    }

    private static SafetensorsWriter threeTensors() {
      return new SafetensorsWriter()
          .addFloats("a", List.of(1L), () -> floats(1))
          .addFloats("b", List.of(1L), () -> floats(2))
          .addFloats("c", List.of(3L), () -> floats(3, 4, 5));
    }
  }

  @Nested
  final class Weights_of_another_architecture {
    @Test
    void are_refused_with_all_differences() {
      new SafetensorsWriter()
          .addFloats("a", List.of(2L), () -> floats(1, 2))
          .addFloats("x", List.of(1L), () -> floats(1))
          .addFloats("mask", List.of(1L), () -> floats(1))
          .writeDirectory(directory);

      try (SavedWeights weights = SavedWeights.open(directory)) {
        assertThatThrownBy(
                () ->
                    weights.requireExactly(
                        Map.of("a", List.of(3L), "b", List.of(1L)), Set.of("mask")))
            .isInstanceOf(CheckpointException.class)
            .hasMessageContainingAll(
                "model.safetensors",
                "1 missing: b",
                "1 unexpected: x",
                "1 of another shape: a is [2], not [3]",
                "config.json");
      }
    }

    @Test
    void are_told_from_fitting_ones() {
      new SafetensorsWriter()
          .addFloats("a", List.of(2L), () -> floats(1, 2))
          .writeDirectory(directory);

      try (SavedWeights weights = SavedWeights.open(directory)) {
        weights.requireExactly(Map.of("a", List.of(2L)), Set.of());
      }
    }
  }

  private static SafetensorsWriter writerOf(SafetensorsFile original) {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (String name : original.names()) {
      writer.add(name, original.info(name), consumer -> original.forEachChunk(name, consumer));
    }
    return writer;
  }

  private static FloatBuffer floats(float... elements) {
    return FloatBuffer.wrap(elements);
  }

  private static ByteBuffer zeros(int length) {
    return ByteBuffer.allocate(length);
  }
}
