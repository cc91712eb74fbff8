package org.attune.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class BundledTest {
  @Test
  void every_bundled_file_has_its_recorded_hash() throws IOException, NoSuchAlgorithmException {
    for (String line : Files.readAllLines(Bundled.path("SHA256SUMS"))) {
      String[] parts = line.split("  ", 2);
      byte[] content = Files.readAllBytes(Bundled.path(parts[1]));

      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);

      assertThat(HexFormat.of().formatHex(hash)).as(parts[1]).isEqualTo(parts[0]);
    }
  }

  @Test
  void every_folder_names_its_licence() throws IOException {
    try (var folders = Files.list(Bundled.path(""))) {
      assertThat(folders.filter(Files::isDirectory))
          .isNotEmpty()
          .allSatisfy(folder -> assertThat(folder).isDirectoryContaining(BundledTest::isLicence));
    }
  }

  @Test
  void the_model_and_the_tokenizer_are_hugging_face_directories() {
    assertThat(Bundled.stories260k().resolve("model.safetensors")).isRegularFile();
    assertThat(Bundled.gpt2Tokenizer().resolve("tokenizer.json")).isRegularFile();
  }

  @Test
  void a_missing_file_is_named_together_with_the_list_of_what_there_is() {
    assertThatThrownBy(() -> Bundled.path("gpt5"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("gpt5", "bundled/README.md");
  }

  private static boolean isLicence(Path file) {
    return file.endsWith("LICENSE");
  }
}
