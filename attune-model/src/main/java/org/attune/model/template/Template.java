package org.attune.model.template;

import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A template that was read, to be rendered any number of times, by any number of threads.
 *
 * <p>It is the part of Jinja that chat templates use, as transformers sets Jinja up: without files,
 * without anything that changes what it is given, and with the tags {@code generation}, {@code
 * break} and {@code continue}. What is not supported is an error when it is reached, never another
 * text.
 */
final class Template {
  private final Parser.Parsed parsed;
  private final Limits limits;

  private Template(Parser.Parsed parsed, Limits limits) {
    this.parsed = parsed;
    this.limits = limits;
  }

  /**
   * Reads a template.
   *
   * @throws TemplateException if it is malformed
   */
  static Template parse(String text, Limits limits) {
    return new Template(Parser.parse(text), limits);
  }

  /** Whether there is a {@code generation} tag in it. */
  boolean hasGeneration() {
    return parsed.hasGeneration();
  }

  /**
   * Renders with variables that are plain values; see {@link PlainValues}.
   *
   * @throws TemplateException if the template refuses them, or does what it may not
   */
  Rendering render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
    Budget budget = new Budget(limits);
    Renderer renderer =
        new Renderer(budget, new Variables(PlainValues.of(variables), BuiltIns.at(clock, budget)));
    try {
      return renderer.render(parsed.body(), parsed.scope());
    } catch (Failure e) {
      throw TemplateException.at(renderer.line(), e.reason());
    } catch (StackOverflowError e) {
      throw TemplateException.at(renderer.line(), "it nests too deep for this thread's stack.");
    }
  }
}
