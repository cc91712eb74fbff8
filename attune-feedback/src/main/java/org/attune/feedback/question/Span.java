package org.attune.feedback.question;

/**
 * A labelled part of a text. Offsets count Unicode code points, so that they mean the same in every
 * programming language.
 *
 * @param start the first code point
 * @param end the code point after the last
 */
public record Span(String label, int start, int end) {

  /** The part of the text that the span covers. */
  public String of(String text) {
    int from = text.offsetByCodePoints(0, start);
    return text.substring(from, text.offsetByCodePoints(from, end - start));
  }
}
