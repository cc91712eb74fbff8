package org.attune.model.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TemplateExpressionsTest {
  /** What Python renders and this engine refuses, which is allowed: it never renders otherwise. */
  private static final Set<String> REFUSED =
      Set.of(
          "{{ - real | abs }} {{ negative | abs }} {{ -number.real }}",
          "{{ negative ** real }}",
          "{{ number is divisibleby 7 }} {{ number is divisibleby(2) }} {{ number is eq 7 }} {{ number is in [7] }} {{ number is not in [7] }} {{ number is gt(3) }} {{ number is sameas 7 }}");

  @Test
  void every_small_template_renders_or_fails_as_in_python() {
    JsonNode corpus = Goldens.open("template-expressions").corpus();
    Map<String, Object> variables = PlainJson.object(corpus.get("variables"));
    Clock clock = Clock.fixed(Instant.parse(corpus.get("now").textValue() + "Z"), ZoneOffset.UTC);
    List<String> different = new ArrayList<>();

    for (JsonNode each : corpus.get("cases")) {
      String template = each.get("template").textValue();
      String expected = each.has("error") ? "an error" : each.get("text").textValue();
      String rendered;
      try {
        rendered = Template.parse(template, Limits.USUAL).render(variables, clock).text();
      } catch (TemplateException e) {
        rendered = each.has("error") ? "an error" : "an error: " + e.getMessage();
      }
      boolean isRefused = REFUSED.contains(template) && rendered.startsWith("an error");
      if (!rendered.equals(expected) && !isRefused) {
        different.add(template + " is " + rendered + " but should be " + expected);
      }
    }

    assertThat(different).isEmpty();
  }
}
