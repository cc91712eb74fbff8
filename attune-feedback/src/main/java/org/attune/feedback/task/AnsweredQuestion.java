package org.attune.feedback.task;

/**
 * A question and its answer, as found in a context.
 *
 * @param answer a part of the context; where it occurs several times, the first is meant
 */
public record AnsweredQuestion(String question, String context, String answer) {

  /** The place of the answer in the context, in Unicode code points; −1 if it is no part of it. */
  public int start() {
    int found = answer.isEmpty() ? -1 : context.indexOf(answer);
    return found < 0 ? -1 : context.codePointCount(0, found);
  }

  boolean isInContext() {
    return start() >= 0;
  }
}
