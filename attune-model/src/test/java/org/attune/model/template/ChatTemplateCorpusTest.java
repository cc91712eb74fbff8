package org.attune.model.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ChatTemplateCorpusTest {
  private final JsonNode corpus = Goldens.open("chat-templates").corpus();

  @Test
  void every_template_renders_as_in_python() {
    Clock clock = Clock.fixed(Instant.parse(corpus.get("now").textValue() + "Z"), ZoneOffset.UTC);
    Map<String, String> sources = new HashMap<>();
    corpus
        .get("templates")
        .forEach(each -> sources.put(each.get("name").textValue(), each.get("text").textValue()));
    List<String> different = new ArrayList<>();

    for (JsonNode render : corpus.get("renders")) {
      String outcome = outcome(render, sources, clock);
      if (!outcome.isEmpty()) {
        different.add(
            render.get("template").textValue()
                + ", "
                + render.get("conversation").textValue()
                + ": "
                + outcome);
      }
    }

    assertThat(different).isEmpty();
  }

  private String outcome(JsonNode render, Map<String, String> sources, Clock clock) {
    JsonNode given = corpus.get("conversations").get(render.get("conversation").textValue());
    Conversation conversation =
        new Conversation(
            PlainJson.objects(given.get("messages")),
            given.get("tools").isNull() ? null : PlainJson.objects(given.get("tools")),
            given.get("add_generation_prompt").booleanValue()
                ? Conversation.Ending.GENERATION_PROMPT
                : Conversation.Ending.CLOSED);
    Rendering rendering;
    try {
      String source = sources.get(render.get("template").textValue());
      rendering =
          ChatTemplate.of(source, PlainJson.object(corpus.get("tokens")), clock)
              .rendering(conversation);
    } catch (TemplateException e) {
      return render.has("error") ? "" : "fails: " + e.getMessage();
    }
    if (render.has("error")) {
      return "does not fail: " + render.get("message");
    }
    if (!rendering.text().equals(render.get("text").textValue())) {
      return "is\n" + rendering.text() + "\nbut should be\n" + render.get("text").textValue();
    }
    List<List<Integer>> spans = new ArrayList<>();
    for (Rendering.Span span : rendering.spans()) {
      spans.add(
          List.of(
              rendering.text().codePointCount(0, span.from()),
              rendering.text().codePointCount(0, span.to())));
    }
    return spans.toString().equals(render.get("spans").toString().replace(",", ", "))
        ? ""
        : "marks " + spans + " but should mark " + render.get("spans");
  }
}
