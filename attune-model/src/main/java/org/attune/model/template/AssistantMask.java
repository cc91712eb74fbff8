package org.attune.model.template;

import java.util.List;
import org.attune.model.tokenizer.EncodedToken;

/** Finds the tokens of the assistant's words. */
final class AssistantMask {
  private AssistantMask() {}

  /**
   * True for each token that has a character of a span, and for those between two such tokens of
   * the same span.
   */
  static boolean[] of(Rendering rendering, List<EncodedToken> tokens) {
    boolean[] isAssistantToken = new boolean[tokens.size()];
    for (Rendering.Span span : rendering.spans()) {
      int from = rendering.text().codePointCount(0, span.from());
      int to = from + rendering.text().codePointCount(span.from(), span.to());
      int first = -1;
      int last = -2;
      for (int i = 0; i < tokens.size(); i++) {
        if (tokens.get(i).from() < to && tokens.get(i).to() > from) {
          first = first < 0 ? i : first;
          last = i;
        }
      }
      for (int i = first; i <= last; i++) {
        isAssistantToken[i] = true;
      }
    }
    return isAssistantToken;
  }
}
