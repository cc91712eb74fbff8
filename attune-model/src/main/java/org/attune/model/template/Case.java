package org.attune.model.template;

import java.util.Locale;

/** Upper and lower case as Python's strings change it. */
final class Case {
  private Case() {}

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String capitalized(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = Character.charCount(text.codePointAt(0));
    return titled(text.substring(0, first)) + lowerAfter(text, first);
  }

  /** The rest in lower case; a final sigma depends on what stands before. */
  private static String lowerAfter(String text, int from) {
    return lower(text).substring(lower(text.substring(0, from)).length());
  }

  static String titled(String text) {
    StringBuilder result = new StringBuilder(text.length());
    boolean inWord = false;
    for (int at = 0; at < text.length(); ) {
      int c = text.codePointAt(at);
      String one = Character.toString(c);
      boolean isCased = isCased(c);
      if (inWord) {
        result.append(lower(one));
      } else {
        int title = Character.toTitleCase(c);
        String upper = upper(one);
        // a letter such as ß has no title case of its own but several upper-case letters
        result.append(
            title == c && upper.length() > one.length()
                ? upper.charAt(0) + lower(upper.substring(1))
                : Character.toString(title));
      }
      inWord = isCased;
      at += one.length();
    }
    return result.toString();
  }

  static String swapped(String text) {
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints()
        .mapToObj(Character::toString)
        .forEach(c -> result.append(Character.isUpperCase(c.codePointAt(0)) ? lower(c) : upper(c)));
    return result.toString();
  }

  static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Character::isUpperCase)
        && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  static boolean isLower(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase)
        && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
  }

  static boolean isTitle(String text) {
    boolean inWord = false;
    boolean found = false;
    for (int c : text.codePoints().toArray()) {
      boolean isUpper = Character.isUpperCase(c) || Character.isTitleCase(c);
      if (isUpper == inWord && isCased(c)) {
        return false;
      }
      inWord = isCased(c);
      found |= inWord;
    }
    return found;
  }

  private static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }
}
