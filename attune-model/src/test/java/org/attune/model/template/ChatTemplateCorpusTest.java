package org.attune.model.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ChatTemplateCorpusTest {
  private enum Outcome {
    EQUAL,
    ERROR_AS_IN_PYTHON,
    OTHER_ERROR,
    DIFFERENT
  }

  private final JsonNode corpus = Goldens.open("chat-templates").corpus();
  private final Clock clock =
      Clock.fixed(Instant.parse(corpus.get("now").textValue() + "Z"), ZoneOffset.UTC);
  private final Map<String, ChatTemplate> templates = new HashMap<>();

  ChatTemplateCorpusTest() {
    for (JsonNode template : corpus.get("templates")) {
      templates.put(
          template.get("name").textValue(),
          ChatTemplate.of(
              template.get("text").textValue(), PlainJson.object(corpus.get("tokens")), clock));
    }
  }

  @Test
  void every_template_renders_or_refuses_as_in_python_and_the_reference_shows_it()
      throws IOException {
    Map<String, Map<Outcome, Integer>> counts = new TreeMap<>();
    List<String> wrong = new ArrayList<>();

    for (JsonNode render : corpus.get("renders")) {
      String template = render.get("template").textValue();
      String conversation = render.get("conversation").textValue();
      Outcome outcome = outcome(render, wrong);
      String row = template.substring(0, template.indexOf('/')) + " | " + conversation;
      counts
          .computeIfAbsent(row, unseen -> new EnumMap<>(Outcome.class))
          .merge(outcome, 1, Integer::sum);
    }

    assertThat(wrong).isEmpty();
    String table = table(counts);
    Files.writeString(Path.of("target", "chat-templates.md"), table);
    assertThat(Path.of("..", "docs", "reference", "chat-templates.md")).content().contains(table);
  }

  private static String table(Map<String, Map<Outcome, Integer>> counts) {
    StringBuilder table =
        new StringBuilder(
            """
            | templates | conversation | renders | equal | error, as in Python | another error | different |
            |---|---|---|---|---|---|---|
            """);
    Map<Outcome, Integer> sums = new EnumMap<>(Outcome.class);
    counts.forEach(
        (row, outcomes) -> {
          table.append(row(row, outcomes));
          outcomes.forEach((outcome, count) -> sums.merge(outcome, count, Integer::sum));
        });
    return table.append(row("all | all", sums)).toString();
  }

  private static String row(String name, Map<Outcome, Integer> outcomes) {
    int renders = outcomes.values().stream().mapToInt(Integer::intValue).sum();
    StringBuilder row = new StringBuilder("| " + name + " | " + renders + " |");
    for (Outcome outcome : Outcome.values()) {
      row.append(' ').append(outcomes.getOrDefault(outcome, 0)).append(" |");
    }
    return row.append('\n').toString();
  }

  private Outcome outcome(JsonNode render, List<String> wrong) {
    String where = render.get("template") + ", " + render.get("conversation") + ": ";
    ChatTemplate template =
        Objects.requireNonNull(templates.get(render.get("template").textValue()));
    Rendering rendering;
    try {
      rendering = template.rendering(conversation(render.get("conversation").textValue()));
    } catch (TemplateException e) {
      if (isPythons(render, e)) {
        return Outcome.ERROR_AS_IN_PYTHON;
      }
      wrong.add(where + e.getMessage());
      return Outcome.OTHER_ERROR;
    }
    boolean isEqual =
        render.has("text")
            && rendering.text().equals(render.get("text").textValue())
            && spans(rendering).equals(render.get("spans").toString());
    if (!isEqual) {
      wrong.add(where + rendering.text() + spans(rendering) + " instead of " + render);
    }
    return isEqual ? Outcome.EQUAL : Outcome.DIFFERENT;
  }

  /** A template's own refusal has the template's words; other errors have ours. */
  private static boolean isPythons(JsonNode render, TemplateException error) {
    return render.has("error")
        && (!render.get("error").textValue().equals("TemplateError")
            || error.reason().equals(render.get("message").textValue()));
  }

  private Conversation conversation(String name) {
    JsonNode given = corpus.get("conversations").get(name);
    return new Conversation(
        PlainJson.objects(given.get("messages")),
        given.get("tools").isNull() ? null : PlainJson.objects(given.get("tools")),
        given.get("add_generation_prompt").booleanValue()
            ? Conversation.Ending.GENERATION_PROMPT
            : Conversation.Ending.CLOSED);
  }

  /** Places in code points, as Python counts them. */
  private static String spans(Rendering rendering) {
    List<String> spans = new ArrayList<>();
    for (Rendering.Span span : rendering.spans()) {
      spans.add(
          "[%d,%d]"
              .formatted(
                  rendering.text().codePointCount(0, span.from()),
                  rendering.text().codePointCount(0, span.to())));
    }
    return "[" + String.join(",", spans) + "]";
  }
}
