package org.attune.model.template;

/** The backslashes of a string in a template, which mean what they mean in Python. */
final class Escapes {
  private Escapes() {}

  static String read(String text, int line) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder result = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != '\\') {
        result.append(c);
        at++;
        continue;
      }
      char kind = text.charAt(at + 1);
      at += 2;
      switch (kind) {
        case '\n' -> {}
        case '\\', '\'', '"' -> result.append(kind);
        case 'a' -> result.append('\u0007');
        case 'b' -> result.append('\b');
        case 'f' -> result.append('\f');
        case 'n' -> result.append('\n');
        case 'r' -> result.append('\r');
        case 't' -> result.append('\t');
        case 'v' -> result.append('\u000b');
        case 'x' -> at = code(text, at, 2, 16, result, line);
        case 'u' -> at = code(text, at, 4, 16, result, line);
        case 'U' -> at = code(text, at, 8, 16, result, line);
        case 'N' ->
            throw TemplateException.at(
                line, "\\N{…} in a string is not supported. Write the character.");
        default -> {
          if (kind >= '0' && kind <= '7') {
            at = code(text, at - 1, octalDigits(text, at - 1), 8, result, line);
          } else {
            result.append('\\').append(kind);
          }
        }
      }
    }
    return result.toString();
  }

  private static int octalDigits(String text, int from) {
    int digits = 0;
    while (digits < 3
        && from + digits < text.length()
        && text.charAt(from + digits) >= '0'
        && text.charAt(from + digits) <= '7') {
      digits++;
    }
    return digits;
  }

  private static int code(
      String text, int from, int digits, int radix, StringBuilder result, int line) {
    int end = from + digits;
    try {
      result.appendCodePoint(Integer.parseInt(text.substring(from, end), radix));
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
      throw TemplateException.at(line, "a backslash in a string begins no character's code.");
    }
    return end;
  }
}
