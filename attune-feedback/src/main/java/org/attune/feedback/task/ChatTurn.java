package org.attune.feedback.task;

import java.util.Set;
import org.attune.data.InvalidInputException;

/**
 * One message of a chat.
 *
 * @param chatId turns of the same chat become one row
 * @param turn the message's position in its chat
 * @param role system, user or assistant
 */
public record ChatTurn(String chatId, int turn, String role, String content) {

  private static final Set<String> ROLES = Set.of("system", "user", "assistant");

  public ChatTurn {
    if (!ROLES.contains(role)) {
      throw new InvalidInputException(
          "Turn %d of chat \"%s\" has the role \"%s\". Use system, user or assistant."
              .formatted(turn, chatId, role));
    }
  }
}
