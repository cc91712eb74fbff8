package org.attune.model.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.attune.model.LanguageModel;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Families with the settings that a GGUF file can say, to such a file and back. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class GgufFamiliesRoundTripTest {
  /** What the tiny models have that is not written as GGUF. */
  private static final List<String> UNWRITTEN =
      List.of("sliding_window", "use_sliding_window", "max_window_layers", "layer_types");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma", "olmo2", "mistral", "qwen2", "qwen3"})
  void say_the_same(String family) throws IOException {
    Path source = writable(family);

    ExportProof proof =
        ModelExport.run(
            () -> LanguageModel.load(source),
            ExportRequest.withDefaults(folder.resolve(family + ".gguf"), ExportType.F32));

    assertThat(proof.holds()).isTrue();
  }

  private Path writable(String family) throws IOException {
    Path golden = Goldens.open("family-" + family).tensors().resolveSibling("model");
    Path source = Files.createDirectory(folder.resolve(family));
    try (Stream<Path> files = Files.list(golden)) {
      for (Path file : files.toList()) {
        Files.copy(file, source.resolve(file.getFileName()));
      }
    }
    ObjectNode config = ConfigJson.read(golden.resolve("config.json")).toJson();
    UNWRITTEN.forEach(config::remove);
    if (!family.equals("llama")) {
      ObjectNode rope = config.putObject("rope_parameters");
      rope.put("rope_type", "default").put("rope_theta", 5000.0);
    }
    Files.write(source.resolve("config.json"), config.toString().getBytes(UTF_8));
    return source;
  }
}
