package org.attune.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QuickstartFilesTest {
  @TempDir private Path folder;

  @Test
  void the_folder_is_made_with_its_parents() {
    QuickstartFiles files = QuickstartFiles.create(folder.resolve("a/b"));

    assertThat(files.stories().getParent()).isDirectory();
  }

  @Test
  void an_empty_folder_may_exist() {
    assertThat(QuickstartFiles.create(folder).folder()).isEqualTo(folder);
  }

  @Test
  void a_folder_that_holds_anything_is_refused_with_the_way_out() throws IOException {
    Files.writeString(folder.resolve("summary.json"), "{}");

    assertThatThrownBy(() -> QuickstartFiles.create(folder))
        .hasMessageContaining(folder + " exists already")
        .hasMessageContaining("--out")
        .hasMessageContaining("remove this one");
    assertThat(folder.resolve("summary.json")).hasContent("{}");
  }

  @Test
  void a_file_in_its_place_is_refused() throws IOException {
    Path file = Files.writeString(folder.resolve("out"), "");

    assertThatThrownBy(() -> QuickstartFiles.create(file)).hasMessageContaining("exists already");
  }

  @Test
  void a_folder_that_cannot_be_made_is_an_error() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> QuickstartFiles.create(file.resolve("out")))
        .hasMessageContaining("cannot be made")
        .hasMessageContaining("--out");
  }
}
