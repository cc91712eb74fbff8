package org.attune.server.screens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of the documentation that shows the screens. `./dev screens` renews its pictures. */
final class ScreensPageTest {

  private static final Path DOCS = Path.of("..", "docs");
  private static final Path PICTURES = DOCS.resolve("images/screens");
  private static final int MOST_BYTES = 80 * 1024;

  @Test
  void shows_every_screen_with_a_small_picture() throws IOException {
    String page = Files.readString(DOCS.resolve("reference/screens.md"));

    for (Screen screen : Screen.values()) {
      String picture = screen.key() + ".png";
      assertThat(page).contains("](../images/screens/" + picture + ")");
      assertThat(Files.size(PICTURES.resolve(picture))).as(picture).isLessThan(MOST_BYTES);
    }
  }

  @Test
  void shows_nothing_that_is_no_screen() throws IOException {
    List<String> known = Stream.of(Screen.values()).map(screen -> screen.key() + ".png").toList();

    try (Stream<Path> pictures = Files.list(PICTURES)) {
      assertThat(pictures.map(picture -> picture.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(known);
    }
  }
}
