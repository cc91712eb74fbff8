package org.attune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageFilesTest {

  private static final Path RESOURCES = Path.of("src/main/resources");

  /** A key in a script that is not put together from parts. */
  private static final Pattern KEY = Pattern.compile("\\bt\\(\"([a-zA-Z.-]+)\"");

  private static Properties read(String name) throws IOException {
    Properties texts = new Properties();
    try (var reader =
        Files.newBufferedReader(
            RESOURCES.resolve("messages").resolve(name), StandardCharsets.UTF_8)) {
      texts.load(reader);
    }
    return texts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"shell", "annotate", "people", "build", "quality", "curate"})
  void every_language_has_every_text(String area) throws IOException {
    assertThat(read(area + "_de.properties").stringPropertyNames())
        .containsExactlyInAnyOrderElementsOf(read(area + ".properties").stringPropertyNames());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shell",
        "annotate",
        "people",
        "build",
        "quality",
        "curate",
        "shell_de",
        "annotate_de",
        "people_de",
        "build_de",
        "quality_de",
        "curate_de"
      })
  void no_text_has_the_apostrophe_that_templates_swallow(String name) throws IOException {
    assertThat(read(name + ".properties").values())
        .noneMatch(text -> String.valueOf(text).contains("'"));
  }

  @Test
  void scripts_use_texts_that_there_are() throws IOException {
    Set<String> used = new TreeSet<>();
    try (Stream<Path> scripts = Files.walk(RESOURCES.resolve("static/assets/annotate"))) {
      for (Path script : scripts.filter(file -> file.toString().endsWith(".js")).toList()) {
        Matcher keys = KEY.matcher(Files.readString(script));
        while (keys.find()) {
          used.add(keys.group(1));
        }
      }
    }

    assertThat(used).isNotEmpty().isSubsetOf(read("annotate.properties").stringPropertyNames());
  }
}
