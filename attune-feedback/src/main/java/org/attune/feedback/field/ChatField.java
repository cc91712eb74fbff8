package org.attune.feedback.field;

import java.util.List;
import java.util.Map;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;

/**
 * A conversation; the value is a list of messages, each a map with the texts {@code role} and
 * {@code content}.
 */
public record ChatField(String name, String title, boolean required, boolean useMarkdown)
    implements Field {

  private static final int MOST_MESSAGES = 500;

  public ChatField {
    Problems problems = Problems.none();
    Names.check(name, title, problems);
    problems.throwIfAny("the field \"" + name + "\"");
  }

  /** A required conversation, shown as Markdown, its title the capitalised name. */
  public static ChatField of(String name) {
    return new ChatField(name, Names.titleOf(name), true, true);
  }

  /** The same field, which records may leave out. */
  public ChatField optional() {
    return new ChatField(name, title, false, useMarkdown);
  }

  /** The same field, its messages shown as they are written. */
  public ChatField plain() {
    return new ChatField(name, title, required, false);
  }

  @Override
  public String type() {
    return "chat";
  }

  @Override
  public void check(Object value, Problems problems) {
    if (!(value instanceof List<?> messages)) {
      problems.add(
          name,
          "must be a list of messages",
          value,
          "Send [{\"role\": \"user\", \"content\": …}, …].");
      return;
    }
    if (messages.size() > MOST_MESSAGES) {
      problems.add(
          name, "must have at most 500 messages", messages.size(), "Split the conversation.");
    }
    for (int index = 0; index < messages.size(); index++) {
      boolean valid =
          messages.get(index) instanceof Map<?, ?> message
              && message.get("role") instanceof String role
              && !role.isEmpty()
              && message.get("content") instanceof String;
      if (!valid) {
        problems
            .at("message " + index)
            .add(
                name,
                "must have a role and a content, both texts",
                messages.get(index),
                "Send {\"role\": \"user\", \"content\": …}.");
      }
    }
  }
}
