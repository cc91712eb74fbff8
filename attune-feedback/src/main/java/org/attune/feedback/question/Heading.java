package org.attune.feedback.question;

import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * What every question has.
 *
 * @param name unique in the dataset
 * @param title what people read; the capitalised name unless given
 * @param description a longer explanation, or null
 * @param required whether a submitted response must answer the question
 */
public record Heading(String name, String title, @Nullable String description, boolean required) {

  private static final int LONGEST_DESCRIPTION = 1000;

  public static Heading of(String name) {
    return new Heading(name, Names.titleOf(name), null, true);
  }

  void check(Problems problems) {
    Names.check(name, title, problems);
    if (description != null) {
      Names.checkLength("description", description, LONGEST_DESCRIPTION, problems);
    }
  }
}
