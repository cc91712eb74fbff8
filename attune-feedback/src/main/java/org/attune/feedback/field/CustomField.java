package org.attune.feedback.field;

import java.util.Map;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;

/**
 * Anything else; the value is a map, which the page shows through a template.
 *
 * @param template HTML with placeholders for the value's keys
 * @param advancedMode whether the template is a page of its own, with scripts, and no placeholders
 */
public record CustomField(
    String name, String title, boolean required, String template, boolean advancedMode)
    implements Field {

  public CustomField {
    Problems problems = Problems.none();
    Names.check(name, title, problems);
    if (template.isBlank()) {
      problems.add("template", "must not be empty", template, "Write the HTML to show.");
    }
    problems.throwIfAny("the field \"" + name + "\"");
  }

  /** A required value, shown through the template, its title the capitalised name. */
  public static CustomField of(String name, String template) {
    return new CustomField(name, Names.titleOf(name), true, template, false);
  }

  /** The same field, which records may leave out. */
  public CustomField optional() {
    return new CustomField(name, title, false, template, advancedMode);
  }

  @Override
  public String type() {
    return "custom";
  }

  @Override
  public void check(Object value, Problems problems) {
    if (!(value instanceof Map<?, ?> object)
        || !object.keySet().stream().allMatch(String.class::isInstance)) {
      problems.add(name, "must be an object", value, "Send a map from names to values.");
    }
  }
}
