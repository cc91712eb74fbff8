package org.attune.feedback.field;

import java.util.List;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;

/**
 * Metadata that is a term, or a list of terms.
 *
 * @param values the terms to choose from, at most 250; empty for any
 */
public record TermsMetadataProperty(
    String name, String title, boolean visibleForAnnotators, List<String> values)
    implements MetadataProperty {

  private static final int MOST_VALUES = 250;

  public TermsMetadataProperty {
    values = List.copyOf(values);
    Problems problems = Problems.none();
    Names.check(name, title, problems);
    if (values.size() > MOST_VALUES) {
      problems.add("values", "must be at most 250", values.size(), "Leave them out for any term.");
    }
    problems.throwIfAny("the metadata property \"" + name + "\"");
  }

  public static TermsMetadataProperty of(String name, String... values) {
    return new TermsMetadataProperty(name, Names.titleOf(name), true, List.of(values));
  }

  @Override
  public String type() {
    return "terms";
  }

  @Override
  public void check(Object value, Problems problems) {
    List<?> terms = value instanceof List<?> list ? list : List.of(value);
    for (Object term : terms) {
      if (!(term instanceof String) || !(values.isEmpty() || values.contains(term))) {
        problems.add(
            name,
            values.isEmpty() ? "must be a text" : "must be one of " + values,
            term,
            "Correct the term, or add it to the property.");
      }
    }
  }
}
