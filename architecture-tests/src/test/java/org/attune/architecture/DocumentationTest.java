package org.attune.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The documents of the repository: their links lead somewhere and the agreed sections are there.
 */
class DocumentationTest {
  private static final Path ROOT = Path.of(System.getProperty("attune.root"));
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#+ +(.*)$", Pattern.MULTILINE);
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```");

  /** Folders that no person wrote, or that are not part of the documentation. */
  private static final Set<String> SKIPPED = Set.of("target", "runs", ".git", "node_modules");

  @Test
  void every_link_leads_to_a_file_and_to_a_heading_in_it() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      Matcher links = LINK.matcher(prose(document));
      while (links.find()) {
        String link = links.group(1);
        if (!link.contains("://")
            && !link.startsWith("mailto:")
            && !leadsSomewhere(document, link)) {
          broken.add(ROOT.relativize(document) + ": " + link);
        }
      }
    }

    assertThat(broken).isEmpty();
  }

  @Test
  void decisions_are_numbered_listed_and_complete() throws IOException {
    Path folder = ROOT.resolve("docs/adr");
    String list = Files.readString(folder.resolve("README.md"));
    List<Path> decisions = new ArrayList<>(markdownIn(folder));
    decisions.removeIf(document -> document.endsWith("README.md"));

    assertThat(decisions).isNotEmpty();
    for (int i = 0; i < decisions.size(); i++) {
      Path decision = decisions.get(i);
      assertThat(decision.getFileName().toString()).startsWith(String.format("%04d-", i + 1));
      assertThat(list).contains("(" + decision.getFileName() + ")");
      assertThat(headings(decision))
          .as("%s", decision)
          .contains("Context", "Decision", "Alternatives", "Consequences");
    }
  }

  @Test
  void the_page_of_an_algorithm_has_every_section_of_the_template() throws IOException {
    for (String algorithm : List.of("sft", "reward", "ppo")) {
      assertThat(headings(ROOT.resolve("docs/explanation/" + algorithm + ".md")))
          .as(algorithm)
          .containsSubsequence(
              "Papers",
              "The algorithm",
              "Configuration",
              "Metrics",
              "Implementation details",
              "Left out",
              "Results",
              "Traps");
    }
  }

  @Test
  void every_trainer_has_a_paper() throws IOException {
    String index = Files.readString(ROOT.resolve("docs/reference/paper-index.md"));
    List<String> trainers =
        new ClassFileImporter()
            .withImportOption(new DoNotIncludeTests()).importPackages("org.attune.train").stream()
                .map(JavaClass::getSimpleName)
                .filter(name -> name.endsWith("Trainer"))
                .toList();

    assertThat(trainers).allSatisfy(trainer -> assertThat(index).contains("`" + trainer + "`"));
  }

  private static boolean leadsSomewhere(Path document, String link) throws IOException {
    String[] parts = link.split("#", 2);
    String file = URLDecoder.decode(parts[0], StandardCharsets.UTF_8);
    Path target = file.isEmpty() ? document : document.resolveSibling(file).normalize();
    if (!Files.exists(target)) {
      return false;
    }
    return parts.length == 1
        || !target.toString().endsWith(".md")
        || headings(target).stream().anyMatch(heading -> anchor(heading).equals(parts[1]));
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    try (Stream<Path> top = Files.list(ROOT)) {
      for (Path path : top.filter(each -> !isSkipped(each)).toList()) {
        documents.addAll(markdownIn(path));
      }
    }
    return documents;
  }

  private static List<Path> markdownIn(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(path -> path.toString().endsWith(".md"))
          .filter(path -> !isSkipped(ROOT.relativize(path)))
          .sorted()
          .toList();
    }
  }

  private static boolean isSkipped(Path path) {
    for (Path part : path) {
      if (SKIPPED.contains(part.toString())) {
        return true;
      }
    }
    return false;
  }

  private static String prose(Path document) throws IOException {
    return FENCED.matcher(Files.readString(document)).replaceAll("");
  }

  private static Set<String> headings(Path document) throws IOException {
    return HEADING
        .matcher(prose(document))
        .results()
        .map(heading -> heading.group(1).strip())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The name that a Markdown viewer gives to a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }
}
