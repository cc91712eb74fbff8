package org.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The table of families in {@code docs/reference/models.md}. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ModelsPageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("attune.root"), "docs", "reference", "models.md");
  private static final String HEAD =
      "| `model_type` | logits | gradients | generation | LoRA | heads | round trip |";

  @Test
  void lists_the_families_that_load() throws IOException {
    assertThat(rows())
        .extracting(row -> row.get(0).replace("`", ""))
        .containsExactlyInAnyOrderElementsOf(Architectures.types());
  }

  @Test
  void has_no_empty_cell() throws IOException {
    assertThat(rows()).allSatisfy(row -> assertThat(row).hasSize(7).doesNotContain(""));
  }

  private static List<List<String>> rows() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .dropWhile(line -> !line.equals(HEAD))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.substring(1, line.length() - 1).split("\\|", -1))
        .map(cells -> Arrays.stream(cells).map(String::strip).toList())
        .toList();
  }
}
