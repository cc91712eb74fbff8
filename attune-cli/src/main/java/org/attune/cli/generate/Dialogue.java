package org.attune.cli.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attune.model.template.ChatTemplate;
import org.attune.model.template.Conversation;

/** What was said so far in a chat with a model that has a form for conversations. */
final class Dialogue {
  private final Optional<ChatTemplate> template;
  private final List<Map<String, String>> messages = new ArrayList<>();

  Dialogue(Optional<ChatTemplate> template) {
    this.template = template;
  }

  /** Whether lines see those before them. */
  boolean isKept() {
    return template.isPresent();
  }

  /** The ids of the prompt for an answer to a line. */
  int[] ask(String line, TextWriter writer) {
    if (template.isEmpty()) {
      return writer.encode(line);
    }
    messages.add(Map.of("role", "user", "content", line));
    return template
        .get()
        .ids(
            Conversation.of(messages).ending(Conversation.Ending.GENERATION_PROMPT),
            writer.tokenizer());
  }

  void answered(String text) {
    if (isKept()) {
      messages.add(Map.of("role", "assistant", "content", text));
    }
  }

  /** Takes the last line back, which could not be answered. */
  void unanswered() {
    if (!messages.isEmpty()) {
      messages.remove(messages.size() - 1);
    }
  }

  void clear() {
    messages.clear();
  }
}
