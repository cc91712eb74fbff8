package org.attune.model.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages between a person, a model and its tools.
 *
 * @param messages each with a {@code role} and usually a {@code content}; values are as in {@code
 *     org.attune.data.Row}
 * @param tools descriptions of the functions that the model may call, as JSON schemas; null if
 *     there are none
 * @param ending what the text ends with
 */
public record Conversation(
    List<? extends Map<String, ?>> messages,
    @Nullable List<? extends Map<String, ?>> tools,
    Ending ending) {
  /** What the text of a conversation ends with. */
  public enum Ending {
    /** The last message, as the template closes it. */
    CLOSED,
    /** The beginning of an answer, for the model to write. */
    GENERATION_PROMPT,
    /** The last message, left open for the model to go on with. */
    CONTINUED
  }

  /** A whole conversation without tools. */
  public static Conversation of(List<? extends Map<String, ?>> messages) {
    return new Conversation(messages, null, Ending.CLOSED);
  }

  /** The same conversation with another ending. */
  public Conversation ending(Ending other) {
    return new Conversation(messages, tools, other);
  }

  /** The same conversation, for an answer, or for more of the answer that it ends with. */
  public Conversation forAnswer() {
    boolean isAnswered =
        !messages.isEmpty() && "assistant".equals(messages.get(messages.size() - 1).get("role"));
    return ending(isAnswered ? Ending.CONTINUED : Ending.GENERATION_PROMPT);
  }
}
