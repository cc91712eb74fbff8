package org.attune.feedback.field;

import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;

/** A text; the value is a {@link String}. */
public record TextField(String name, String title, boolean required, boolean useMarkdown)
    implements Field {

  public TextField {
    Problems problems = Problems.none();
    Names.check(name, title, problems);
    problems.throwIfAny("the field \"" + name + "\"");
  }

  /** A required text, its title the capitalised name. */
  public static TextField of(String name) {
    return new TextField(name, Names.titleOf(name), true, false);
  }

  public TextField titled(String newTitle) {
    return new TextField(name, newTitle, required, useMarkdown);
  }

  /** The same field, which records may leave out. */
  public TextField optional() {
    return new TextField(name, title, false, useMarkdown);
  }

  /** The same field, shown as Markdown. */
  public TextField markdown() {
    return new TextField(name, title, required, true);
  }

  @Override
  public String type() {
    return "text";
  }

  @Override
  public void check(Object value, Problems problems) {
    if (!(value instanceof String)) {
      problems.add(name, "must be a text", value, "Send a string.");
    }
  }
}
