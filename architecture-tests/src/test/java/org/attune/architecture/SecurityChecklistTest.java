package org.attune.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The checklist of the server's security: each line has a test, or says why it has none. */
class SecurityChecklistTest {

  private static final Path ROOT = Path.of(System.getProperty("attune.root"));
  private static final Pattern LINE =
      Pattern.compile("^\\| (\\d+) \\| (.+) \\| (.+) \\|$", Pattern.MULTILINE);
  private static final Pattern PROOF = Pattern.compile("`(\\w+Test)#(\\w+)`");
  private static final int FEWEST_LINES = 60;

  private record Line(int number, String proof) {}

  private static List<Line> lines() throws IOException {
    List<Line> lines = new ArrayList<>();
    Matcher line = LINE.matcher(Files.readString(ROOT.resolve("docs/reference/security.md")));
    while (line.find()) {
      lines.add(new Line(Integer.parseInt(line.group(1)), line.group(3)));
    }
    return lines;
  }

  @Test
  void every_line_has_a_number_of_its_own_and_a_test_or_a_reason() throws IOException {
    List<Line> lines = lines();

    assertThat(lines).hasSizeGreaterThanOrEqualTo(FEWEST_LINES);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i).number()).isEqualTo(i + 1);
    }
    assertThat(lines)
        .allMatch(
            line -> PROOF.matcher(line.proof()).find() || line.proof().startsWith("Not here: "));
  }

  @Test
  void every_test_that_is_named_exists() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Line line : lines()) {
      Matcher proof = PROOF.matcher(line.proof());
      while (proof.find()) {
        Optional<Path> source = source(proof.group(1));
        if (source.isEmpty()
            || !Files.readString(source.get()).contains("void " + proof.group(2) + "(")) {
          missing.add(line.number() + ": " + proof.group());
        }
      }
    }

    assertThat(missing).isEmpty();
  }

  private static Optional<Path> source(String test) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("attune-server/src/test/java"))) {
      return files.filter(file -> file.endsWith(test + ".java")).findFirst();
    }
  }
}
