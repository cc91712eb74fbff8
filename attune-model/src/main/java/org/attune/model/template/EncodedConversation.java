package org.attune.model.template;

import java.util.Arrays;

/**
 * A conversation as a model reads it.
 *
 * @param text what the template made of it
 * @param ids the text's token ids
 * @param isAssistantToken true where the template says that the assistant wrote the token
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record EncodedConversation(String text, int[] ids, boolean[] isAssistantToken) {
  /** Whether the assistant wrote any token, as far as the template says so. */
  public boolean hasAssistantToken() {
    for (boolean isAssistant : isAssistantToken) {
      if (isAssistant) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EncodedConversation conversation
        && text.equals(conversation.text)
        && Arrays.equals(ids, conversation.ids)
        && Arrays.equals(isAssistantToken, conversation.isAssistantToken);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return "EncodedConversation[" + text + "]";
  }
}
