package org.attune.model.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Templates that were cut, joined and changed at random do what they may or say why not. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class TemplateFuzzTest {
  private static final int MUTANTS = 4_000;
  private static final Limits SMALL = new Limits(200_000, 200_000, 1_000);
  private static final List<String> PIECES =
      List.of(
          "{{",
          "}}",
          "{%",
          "%}",
          "{#",
          "#}",
          "-%}",
          "{%-",
          "(",
          ")",
          "[",
          "]",
          "'",
          "\"",
          "\\",
          "|",
          ".",
          "~",
          "**",
          "%",
          " if ",
          " else ",
          " for ",
          " in ",
          " not ",
          " is ",
          "endif",
          "{% endfor %}",
          "{% set x = ",
          "loop(",
          "None",
          "1e999",
          "-1",
          "0x",
          "\u0000",
          "\ud800",
          "messages",
          " | tojson",
          ".items()",
          "[::-1]",
          "namespace(",
          "range(99999)",
          "caller()");

  private final Random random = new Random(20_260_101);

  @Test
  void a_mutant_renders_or_fails_with_a_line() {
    JsonNode corpus = Goldens.open("chat-templates").corpus();
    List<String> sources = new ArrayList<>();
    corpus.get("templates").forEach(each -> sources.add(each.get("text").textValue()));
    List<Map<String, Object>> conversations = new ArrayList<>();
    corpus.get("conversations").forEach(each -> conversations.add(PlainJson.object(each)));
    int rendered = 0;

    for (int i = 0; i < MUTANTS; i++) {
      String mutant = mutant(sources);
      try {
        Template.parse(mutant, SMALL)
            .render(conversations.get(random.nextInt(conversations.size())), Clock.systemUTC());
        rendered++;
      } catch (TemplateException e) {
        assertThat(e.line()).as("%s", mutant).isPositive();
        assertThat(e.reason()).as("%s", mutant).isNotBlank();
      }
    }

    assertThat(rendered).isBetween(MUTANTS / 100, MUTANTS);
  }

  private String mutant(List<String> sources) {
    StringBuilder text = new StringBuilder(sources.get(random.nextInt(sources.size())));
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + random.nextInt(12));
      switch (random.nextInt(5)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> text.insert(at, text.substring(at, end).repeat(1 + random.nextInt(3)));
        case 3 -> text.setLength(Math.max(at, text.length() / 2));
        default -> {
          String other = sources.get(random.nextInt(sources.size()));
          int from = random.nextInt(other.length());
          text.insert(at, other, from, Math.min(other.length(), from + random.nextInt(200)));
        }
      }
    }
    return text.toString();
  }
}
