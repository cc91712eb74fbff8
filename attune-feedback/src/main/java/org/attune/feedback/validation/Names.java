package org.attune.feedback.validation;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules for the names of fields, questions, metadata properties and vectors. */
public final class Names {

  private static final Pattern NAME = Pattern.compile("(?=.*[a-z0-9])[a-z0-9_-]+");
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_TITLE = 500;

  private Names() {}

  public static void check(String name, String title, Problems problems) {
    if (!NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
      problems.add(
          "name",
          "must be 1 to 200 lower-case letters, digits, \"-\" or \"_\", with a letter or digit",
          name,
          "Choose a plain name and put the words people read into the title.");
    }
    checkLength("title", title, LONGEST_TITLE, problems);
  }

  /** Checks that a text has 1 to {@code longest} Unicode code points. */
  public static void checkLength(String name, String text, int longest, Problems problems) {
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > longest) {
      problems.add(
          name,
          "must have 1 to " + longest + " characters (it has " + length + ")",
          text,
          length < 1 ? "Write a text, or leave it out." : "Shorten it.");
    }
  }

  public static void checkUnique(String kind, List<String> names, Problems problems) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        problems.add(kind, "must have unique names", name, "Rename one of the two.");
      }
    }
  }

  /** The title of something that was given only a name: the name, its first letter upper case. */
  public static String titleOf(String name) {
    if (name.isEmpty()) {
      return name;
    }
    int second = name.offsetByCodePoints(0, 1);
    return name.substring(0, second).toUpperCase(Locale.ROOT) + name.substring(second);
  }
}
