package org.attune.model.template;

import java.util.List;

/**
 * What a template rendered.
 *
 * @param spans where in the text the assistant's words are, in the order they were rendered
 * @param hasHiddenSpan whether some of the assistant's words went through a macro or a variable,
 *     where their place in the text is lost
 */
record Rendering(String text, List<Span> spans, boolean hasHiddenSpan) {
  /** From a character up to another, exclusive. */
  record Span(int from, int to) {}
}
