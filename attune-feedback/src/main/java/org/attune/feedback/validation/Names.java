package org.attune.feedback.validation;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules for names: of fields, questions, metadata properties and vectors; of datasets,
 * workspaces, people and agents. They are those of Argilla 1.29, whose client refuses to list what
 * breaks them.
 */
public final class Names {

  private static final Pattern NAME = Pattern.compile("(?=.*[a-z0-9])[a-z0-9_-]+");
  private static final Pattern DATASET = Pattern.compile("(?![-_])[a-zA-Z0-9_ -]+");
  private static final Pattern WORKSPACE = Pattern.compile("(?![-_])[a-z0-9_-]+");
  private static final Pattern USERNAME = Pattern.compile("(?![-_])[a-zA-Z0-9_-]+");
  private static final Pattern AGENT = Pattern.compile("(?=.*[a-zA-Z0-9])[a-zA-Z0-9_:./\\s-]+");
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

  public static void checkDataset(String name, Problems problems) {
    if (!DATASET.matcher(name).matches() || name.length() > LONGEST_NAME) {
      problems.add(
          "name",
          "must be 1 to 200 letters, digits, spaces, \"-\" or \"_\", the first a letter, digit or"
              + " space",
          name,
          "Rename the dataset.");
    }
  }

  public static void checkWorkspace(String name, Problems problems) {
    if (!WORKSPACE.matcher(name).matches() || name.length() > LONGEST_NAME) {
      problems.add(
          "name",
          "must be 1 to 200 lower-case letters, digits, \"-\" or \"_\", the first a letter or digit",
          name,
          "Rename the workspace.");
    }
  }

  public static void checkUsername(String name, Problems problems) {
    if (!USERNAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
      problems.add(
          "username",
          "must be 1 to 200 letters, digits, \"-\" or \"_\", the first a letter or digit",
          name,
          "Put the name people read into the first and last name.");
    }
  }

  public static void checkAgent(String name, Problems problems) {
    if (!AGENT.matcher(name).matches() || name.length() > LONGEST_NAME) {
      problems.add(
          "agent",
          "must be 1 to 200 letters, digits, spaces or -_:./, with a letter or digit",
          name,
          "Write a plain name such as my-model/v1.");
    }
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
